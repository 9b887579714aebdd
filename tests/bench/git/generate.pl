#!/usr/bin/perl
# Writes a history as a stream for `git fast-import`; the same seed gives the same bytes on every machine.
#
#   generate.pl SEED COMMITS FILES FOLDERS BYTES CHANGES LINES | git fast-import --quiet --done
#
# The first commit has FILES files of about BYTES bytes in FOLDERS folders (nested by two), each later
# one rewrites LINES lines in each of CHANGES files. About 90 of 100 lines are words, as in source text; the
# rest is noise, so that packs neither shrink to nothing nor stay as they are.
#
# The sets of the git rows, and what they become:
#   about 300,000 objects     7 18000 4000 400 6000 5 30, then git repack -adf --window=5
#   10,000 files, 40 MB       7 1 10000 300 8000 0 0
#   5,000 references          7 50 200 20 2000 5 3, then branches at its commits
#   300 packs                 7 302 500 40 4000 10 3, one pack for each of the first 301 commits
use strict;
use warnings;

my ($seed, $commits, $files, $folders, $bytes, $changes, $count) = @ARGV;
die "usage: generate.pl SEED COMMITS FILES FOLDERS BYTES CHANGES LINES\n" unless defined $count;

# xorshift32: perl's own rand differs between builds.
my $state = $seed * 2654435761 % 4294967296 || 1;
sub random {
    my ($limit) = @_;
    $state ^= ($state << 13) & 0xffffffff;
    $state ^= $state >> 17;
    $state ^= ($state << 5) & 0xffffffff;
    return $state % $limit;
}

my @words = map { my $word = ''; $word .= chr(97 + random(26)) for 1 .. 2 + random(9); $word } 1 .. 2000;

sub line {
    return join('', map { chr(33 + random(94)) } 1 .. 60) . "\n" if random(100) < 10;
    return ('    ' x random(4)) . join(' ', map { $words[random(2000)] } 1 .. 3 + random(9)) . "\n";
}

my (@names, @content);
for my $number (0 .. $files - 1) {
    my $folder = $number % $folders;
    push @names, sprintf('part%02d/unit%03d/file%05d.txt', $folder % 20, $folder, $number);
    my @lines;
    my $length = 0;
    my $wanted = $bytes / 2 + random($bytes);
    while ($length < $wanted) {
        my $line = line();
        push @lines, $line;
        $length += length $line;
    }
    push @content, \@lines;
}

sub file {
    my ($number) = @_;
    my $text = join '', @{ $content[$number] };
    printf "M 100644 inline %s\ndata %d\n%s\n", $names[$number], length $text, $text;
}

for my $commit (1 .. $commits) {
    my $message = "commit $commit";
    printf "commit refs/heads/main\ncommitter Bench <bench\@example.com> %d +0000\ndata %d\n%s\n",
        1700000000 + $commit * 60, length $message, $message;
    if ($commit == 1) {
        file($_) for 0 .. $files - 1;
        next;
    }
    for (1 .. $changes) {
        my $number = random($files);
        my $lines = $content[$number];
        $lines->[ random(scalar @$lines) ] = line() for 1 .. $count;
        splice @$lines, random(scalar @$lines), 0, line();
        file($number);
    }
}
print "done\n";
