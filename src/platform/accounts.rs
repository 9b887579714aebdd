//! The container's own list of users and groups: `/etc/passwd` and `/etc/group`.

use std::path::Path;

use super::files;
use crate::model::Outcome;

/// A user of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The name.
    pub name: String,
    /// Its number.
    pub uid: u32,
    /// The number of its first group.
    pub gid: u32,
}

/// The user of this name.
///
/// # Errors
/// When the list is there and cannot be read.
pub fn user(etc: &Path, name: &str) -> Outcome<Option<User>> {
    Ok(find_user(&text(etc, "passwd")?, |user| user.name == name))
}

/// The user of this number; of several the first.
///
/// # Errors
/// As [`user`].
pub fn user_of_id(etc: &Path, uid: u32) -> Outcome<Option<User>> {
    Ok(find_user(&text(etc, "passwd")?, |user| user.uid == uid))
}

/// The number of the group of this name.
///
/// # Errors
/// As [`user`].
pub fn group(etc: &Path, name: &str) -> Outcome<Option<u32>> {
    Ok(groups(&text(etc, "group")?).find(|group| group.name == name).map(|group| group.gid))
}

/// The name of the group of this number.
///
/// # Errors
/// As [`user`].
pub fn group_of_id(etc: &Path, gid: u32) -> Outcome<Option<String>> {
    Ok(groups(&text(etc, "group")?).find(|group| group.gid == gid).map(|group| group.name.to_owned()))
}

/// The numbers of all groups that a user is in, its own first.
///
/// # Errors
/// As [`user`].
pub fn groups_of(etc: &Path, user: &User) -> Outcome<Vec<u32>> {
    let mut all = vec![user.gid];
    for group in groups(&text(etc, "group")?) {
        if group.members.split(',').any(|member| member == user.name) && !all.contains(&group.gid) {
            all.push(group.gid);
        }
    }
    Ok(all)
}

struct Group<'a> {
    name: &'a str,
    gid: u32,
    members: &'a str,
}

/// `name:password:gid:members` (group(5)); other lines are none.
fn groups(text: &str) -> impl Iterator<Item = Group<'_>> {
    text.lines().filter_map(|line| {
        let mut fields = line.split(':');
        let (name, gid) = (fields.next()?, fields.nth(1)?.parse().ok()?);
        Some(Group { name, gid, members: fields.next().unwrap_or_default() })
    })
}

/// `name:password:uid:gid:…` (passwd(5)); other lines are none.
fn find_user(text: &str, is_it: impl Fn(&User) -> bool) -> Option<User> {
    let mut users = text.lines().filter_map(|line| {
        let mut fields = line.split(':');
        let (name, uid) = (fields.next()?.to_owned(), fields.nth(1)?.parse().ok()?);
        Some(User { name, uid, gid: fields.next()?.parse().ok()? })
    });
    users.find(is_it)
}

fn text(etc: &Path, name: &str) -> Outcome<String> {
    Ok(files::read_text(&etc.join(name))?.unwrap_or_default())
}

/// Gives a user and the group of the same name these numbers.
///
/// # Errors
/// When a file cannot be read or written.
pub fn set_ids(etc: &Path, name: &str, uid: u32, gid: u32) -> Outcome {
    change(&etc.join("passwd"), |text| with_ids(text, name, &[(2, uid), (3, gid)]))?;
    change(&etc.join("group"), |text| with_ids(text, name, &[(2, gid)]))
}

/// Makes a user a member of the group of this number, which is made when there is none: then it is
/// called `new_name`, or that and its number where the name is taken.
///
/// # Errors
/// When the file cannot be read or written.
pub fn add_to_group(etc: &Path, gid: u32, new_name: &str, user: &str) -> Outcome {
    change(&etc.join("group"), |text| with_member(text, gid, new_name, user))
}

fn change(path: &Path, edit: impl FnOnce(&str) -> String) -> Outcome {
    let old = files::read_text(path)?.unwrap_or_default();
    let new = edit(&old);
    if new == old { Ok(()) } else { files::write_as_root(path, new.as_bytes(), 0o644) }
}

fn with_ids(text: &str, name: &str, numbers: &[(usize, u32)]) -> String {
    lines(text, |fields| {
        if fields[0] != name {
            return;
        }
        for (field, number) in numbers {
            if let Some(place) = fields.get_mut(*field) {
                *place = number.to_string();
            }
        }
    })
}

fn with_member(text: &str, gid: u32, new_name: &str, user: &str) -> String {
    let gid = gid.to_string();
    let mut is_there = false;
    let mut name_is_taken = false;
    let mut new = lines(text, |fields| {
        name_is_taken |= fields[0] == new_name;
        if fields.len() < 4 || fields[2] != gid || is_there {
            return;
        }
        is_there = true;
        if !fields[3].split(',').any(|member| member == user) {
            let separator = if fields[3].is_empty() { "" } else { "," };
            fields[3] = format!("{}{separator}{user}", fields[3]);
        }
    });
    if !is_there {
        let name = if name_is_taken { format!("{new_name}-{gid}") } else { new_name.to_owned() };
        new.push_str(&format!("{name}:x:{gid}:{user}\n"));
    }
    new
}

fn lines(text: &str, mut edit: impl FnMut(&mut Vec<String>)) -> String {
    let mut new = String::new();
    for line in text.lines() {
        let mut fields: Vec<String> = line.split(':').map(str::to_owned).collect();
        edit(&mut fields);
        new.push_str(&fields.join(":"));
        new.push('\n');
    }
    new
}

#[cfg(test)]
mod tests {
    use super::*;

    const GROUP: &str = "root:x:0:\nadm:x:4:syslog,dokku\ndokku:x:200:\n";

    #[test]
    fn a_member_is_added_once_to_the_group_of_the_number() {
        for (gid, expected) in [
            (0, "root:x:0:dokku\nadm:x:4:syslog,dokku\ndokku:x:200:\n".to_owned()),
            (4, GROUP.to_owned()),
            (200, "root:x:0:\nadm:x:4:syslog,dokku\ndokku:x:200:dokku\n".to_owned()),
            (64000, format!("{GROUP}docker:x:64000:dokku\n")),
        ] {
            let once = with_member(GROUP, gid, "docker", "dokku");
            assert_eq!(once, expected, "{gid}");
            assert_eq!(with_member(&once, gid, "docker", "dokku"), expected, "{gid} twice");
        }
    }

    #[test]
    fn users_and_groups_are_found_by_name_and_number() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let etc = folder.path();
        assert_eq!(user(etc, "dokku").expect("no list is an empty one"), None);
        let passwd =
            "root:x:0:0:root:/root:/bin/bash\n+@nis\nbroken:x:many:1\ndokku:x:200:201::/home/dokku:\n";
        std::fs::write(etc.join("passwd"), passwd).expect("writable");
        std::fs::write(etc.join("group"), format!("{GROUP}none:x::dokku\nown:x:201:\ndokkus:x:7:dokku2\n"))
            .expect("writable");
        let dokku = User { name: "dokku".to_owned(), uid: 200, gid: 201 };
        assert_eq!(user(etc, "dokku").expect("readable").as_ref(), Some(&dokku));
        assert_eq!(user_of_id(etc, 200).expect("readable").as_ref(), Some(&dokku));
        assert_eq!(user(etc, "broken").expect("readable"), None);
        assert_eq!(group(etc, "adm").expect("readable"), Some(4));
        assert_eq!(group_of_id(etc, 201).expect("readable").as_deref(), Some("own"));
        assert_eq!(groups_of(etc, &dokku).expect("readable"), [201, 4]);
    }

    #[test]
    fn a_taken_name_gets_the_number_too() {
        let group = "docker:x:100:\n";
        assert_eq!(with_member(group, 999, "docker", "dokku"), "docker:x:100:\ndocker-999:x:999:dokku\n");
    }

    #[test]
    fn numbers_change_and_nothing_else() {
        let passwd = "root:x:0:0:root:/root:/bin/bash\ndokku:x:200:200::/home/dokku:/bin/bash\n";
        assert_eq!(
            with_ids(passwd, "dokku", &[(2, 1001), (3, 1002)]),
            "root:x:0:0:root:/root:/bin/bash\ndokku:x:1001:1002::/home/dokku:/bin/bash\n"
        );
    }
}
