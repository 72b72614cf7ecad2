"""Ten small worlds with tables reckoned by hand, written before the figures existed."""

from tests.reports.worlds import (
    w01_year_edge,
    w02_one_day,
    w03_moves,
    w04_basis,
    w05_opening,
    w06_stock,
    w07_targets,
    w08_merger,
    w09_windows,
    w10_scopes,
)

WORLDS = {
    module.__name__.rpartition(".")[2]: module.WORLD
    for module in (
        w01_year_edge,
        w02_one_day,
        w03_moves,
        w04_basis,
        w05_opening,
        w06_stock,
        w07_targets,
        w08_merger,
        w09_windows,
        w10_scopes,
    )
}
