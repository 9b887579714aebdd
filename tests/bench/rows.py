"""What a row of the table is, and the list of them."""

ROWS = []


class Row:
    """One line of the table: what we took, what it is compared with, and the most (or least) it may be; without a limit it is told only."""

    def __init__(self, what, ours, limit, unit, floor=None, at_least=False):
        self.what, self.ours, self.limit, self.unit, self.floor = what, ours, limit, unit, floor
        self.value = ours / floor if floor else ours
        self.sign = "≥" if at_least else "≤"
        self.holds = limit is None or (self.value >= limit if at_least else self.value <= limit)

    def cells(self):
        number = lambda value: f"{value:.3g}" if value < 1000 else f"{value:.0f}"
        ours, must = f"{number(self.ours)} {self.unit}", f"{self.sign} {self.limit} {self.unit}"
        if self.limit is None:
            return [self.what, ours, "", "", "", ""]
        if self.floor:
            return [self.what, ours, f"{number(self.floor)} {self.unit}", f"{self.value:.2f}", f"{self.sign} {self.limit} ×", self.verdict()]
        return [self.what, ours, "", "", must, self.verdict()]

    def verdict(self):
        return "yes" if self.holds else "**no**"


def row(word):
    def register(function):
        ROWS.append((word, function))
        return function
    return register
