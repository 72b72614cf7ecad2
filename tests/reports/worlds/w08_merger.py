"""A unit closed and succeeded: what happened stays with the unit of its day, open people go on in the successor."""

from tests.reports.worlds.notation import Case, World

WORLD = World(
    title="closed unit with succession",
    today="2025-05-20",
    units="""
        north     | commune | 2015-01-01 | 2024-07-01 | north_1
        south     | commune | 2015-01-01 |            | south_1
        northeast | commune | 2024-07-01 |            | < north
    """,
    people="""
        n1 | north_1 | male   | 2024-03-01 =decided, 2024-07-01 moved>northeast_1, 2024-07-10 admitted
        n2 | north_1 | female | 2023-06-01 =decided, 2023-06-20 admitted, 2024-07-01 moved>northeast_1,
            2024-07-10 recognition_proposed, 2024-07-25 recognition_committee_passed, 2024-08-15 official
        n3 | north_1 | female | 2023-05-01 source, 2023-09-01 trained, 2024-01-10 dossier,
            2024-07-01 moved>northeast_1, 2024-07-20 branch_passed, 2024-08-01 committee_passed,
            2024-08-20 submitted, 2024-09-20 appraised, 2024-10-10 decided
        y1 | south_1 | male   | 2024-02-02 source
    """,
    targets="""
        northeast | 2024 | 3-5 | 2024-07-01
        northeast | 2025 | 3-5 | 2024-07-01
    """,
    opening="""
        north | 2021-01-01 | 2021-12-31 | 6 | 2
    """,
    cases=(
        # The last day of the old map.
        Case(
            "2024-06-01",
            "2024-06-30",
            """
            # unit     |mem|br|target   |tr|do|su|period|year|term| %   |state|slow|wom|?|un|re|en|of
            north      | – | 1| 3-5     | 0| 1| 0| 0    | 1  | 2+6| 33.3|below|no  | 0 |0| 0| 0| 0| 0
            south      | – | 1| 3-5     | 0| 0| 0| 0    | 0  | 0  | 0.0 |below|yes | 0 |0| 0| 0| 0| 0
            Cộng I     | – | 2| 6-10    | 0| 1| 0| 0    | 1  | 2+6| 16.7|  –  | –  | 0 |0| 0| 0| 0| 0
            Cộng II    | – | 0| –       | 0| 0| 0| 0    | 0  | 0  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            Tổng cộng  | – | 2| 6-10    | 0| 1| 0| 0    | 1  | 2+6| 16.7|  –  | –  | 0 |0| 0| 0| 0| 0
            """,
            funnel={"source": (1, 0, 0), "dossier": (1, 0, 0), "decided": (1, 0, 0), "admitted": (1, 0, 0)},
        ),
        # The closed unit keeps its row and the range of the year in which it worked; it is not called slow. n3 is the
        # successor's admission, n2 its recognition.
        Case(
            "2024-10-01",
            "2024-12-31",
            """
            north      | – | 0| 3-5     | 0| 0| 0| 0    | 1  | 2+6| 33.3|below|no  | 0 |0| 0| 0| 0| 0
            south      | – | 1| 3-5     | 0| 0| 0| 0    | 0  | 0  | 0.0 |below|yes | 0 |0| 0| 0| 0| 0
            northeast  | – | 1| 3-5     | 0| 0| 0| 1    | 1  | 1  | 33.3|below|yes | 1 |0| 0| 0| 0| 1
            Cộng I     | – | 2| 9-15    | 0| 0| 0| 1    | 2  | 3+6| 22.2|  –  | –  | 1 |0| 0| 0| 0| 1
            Cộng II    | – | 0| –       | 0| 0| 0| 0    | 0  | 0  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            Tổng cộng  | – | 2| 9-15    | 0| 0| 0| 1    | 2  | 3+6| 22.2|  –  | –  | 1 |0| 0| 0| 0| 1
            """,
            funnel={"source": (1, 0, 0), "decided": (1, 0, 0), "admitted": (1, 0, 0), "official": (1, 0, 0)},
        ),
        # The year after: only the term keeps the closed unit in the table, and no range of 2025 is asked of it.
        Case(
            "2025-03-01",
            "2025-03-31",
            """
            north      | – | 0|no_target| 0| 0| 0| 0    | 0  | 2+6| –   |  –  | –  | 0 |0| 0| 0| 0| 0
            south      | – | 1| 3-5     | 0| 0| 0| 0    | 0  | 0  | 0.0 |below|no  | 0 |0| 0| 0| 0| 0
            northeast  | – | 1| 3-5     | 0| 0| 0| 0    | 0  | 1  | 0.0 |below|no  | 0 |0| 0| 0| 0| 0
            Cộng I     | – | 2| 6-10    | 0| 0| 0| 0    | 0  | 3+6| 0.0 |  –  | –  | 0 |0| 0| 0| 0| 0
            Cộng II    | – | 0| –       | 0| 0| 0| 0    | 0  | 0  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            Tổng cộng  | – | 2| 6-10    | 0| 0| 0| 0    | 0  | 3+6| 0.0 |  –  | –  | 0 |0| 0| 0| 0| 0
            """,
            funnel={"source": (1, 0, 0), "decided": (1, 0, 0), "admitted": (1, 0, 0), "official": (1, 0, 0)},
        ),
    ),
)
