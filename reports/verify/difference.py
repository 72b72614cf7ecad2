"""One thing that differs: which figure, where, on which day, what is shown or stored, what the recount finds."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Difference:
    figure: str
    where: str
    shown: object
    counted: object
    on: date | None = None

    def __str__(self) -> str:
        day = f"{self.on:%d/%m/%Y} · " if self.on else ""
        return f"{day}{self.figure} · {self.where}: đang là {_word(self.shown)}, đếm lại là {_word(self.counted)}"


def _word(value) -> str:
    if value is None:
        return "chưa có"
    if isinstance(value, bool):
        return "có" if value else "không"
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else f"“{value}”" if value == "" else str(value)
