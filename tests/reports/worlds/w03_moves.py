"""People who move: an admission stays in the unit where it was decided, a stock follows the person to the unit of D."""

from tests.reports.worlds.notation import Case, World

WORLD = World(
    title="moves between units",
    today="2025-05-20",
    units="""
        north | commune | 2015-01-01 | | north_1 north_2
        south | commune | 2015-01-01 | | south_1
    """,
    people="""
        L | north_1 | female union | 2024-02-10 =decided, 2024-03-15 moved>south_1, 2024-03-20 admitted,
            2025-03-25 recognition_proposed, 2025-04-10 recognition_committee_passed, 2025-04-20 official
        M | north_1 | male   | 2023-05-01 source, 2023-09-01 trained, 2023-11-01 dossier,
            2024-04-01 moved>south_1, 2024-05-01 branch_passed, 2024-05-20 committee_passed,
            2024-06-10 submitted, 2024-07-20 appraised, 2024-09-05 decided
        N | north_1 | male   | 2023-06-01 source, 2023-10-01 trained, 2024-01-15 dossier, 2024-05-01 moved>north_2
        O | north_1 | female | 2024-01-05 source, 2024-05-05 moved_away
    """,
    cases=(
        # The last day before M moves. 31 March is day 91: 3 × 91 ÷ 366 asks for nobody yet.
        Case(
            "2024-03-01",
            "2024-03-31",
            """
            # unit     |mem|br|target|tr|do|su|period|year|term| %   |state|slow|wom|?|un|re|en|of
            north      | – | 2| 3-5  | 0| 2| 0| 0    | 1  | 1  | 33.3|below|no  | 1 |0| 1| 0| 0| 0
            south      | – | 1| 3-5  | 0| 0| 0| 0    | 0  | 0  | 0.0 |below|no  | 0 |0| 0| 0| 0| 0
            Cộng I     | – | 3| 6-10 | 0| 2| 0| 0    | 1  | 1  | 16.7|  –  | –  | 1 |0| 1| 0| 0| 0
            Cộng II    | – | 0| –    | 0| 0| 0| 0    | 0  | 0  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            Tổng cộng  | – | 3| 6-10 | 0| 2| 0| 0    | 1  | 1  | 16.7|  –  | –  | 1 |0| 1| 0| 0| 0
            """,
            funnel={"source": (1, 0, 0), "dossier": (2, 0, 0), "admitted": (1, 0, 0)},
        ),
        # L stays north's, though she now lives in south; M is south's, who began in north; O has left the district.
        Case(
            "2024-12-01",
            "2024-12-31",
            """
            north      | – | 2| 3-5  | 0| 1| 0| 0    | 1  | 1  | 33.3|below|yes | 1 |0| 1| 0| 0| 0
            south      | – | 1| 3-5  | 0| 0| 0| 0    | 1  | 1  | 33.3|below|yes | 0 |0| 0| 0| 0| 0
            Cộng I     | – | 3| 6-10 | 0| 1| 0| 0    | 2  | 2  | 33.3|  –  | –  | 1 |0| 1| 0| 0| 0
            Cộng II    | – | 0| –    | 0| 0| 0| 0    | 0  | 0  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            Tổng cộng  | – | 3| 6-10 | 0| 1| 0| 0    | 2  | 2  | 33.3|  –  | –  | 1 |0| 1| 0| 0| 0
            """,
            funnel={"dossier": (1, 0, 0), "decided": (1, 0, 0), "admitted": (1, 0, 0)},
        ),
        # L is recognised in south, where the recognition was decided. 30 April is day 120: 3 × 120 ÷ 365 = 0.99.
        Case(
            "2025-04-01",
            "2025-04-30",
            """
            north      | – | 2| 3-5  | 0| 1| 0| 0    | 0  | 1  | 0.0 |below|no  | 0 |0| 0| 0| 0| 0
            south      | – | 1| 3-5  | 0| 0| 0| 0    | 0  | 1  | 0.0 |below|no  | 0 |0| 0| 0| 0| 1
            Cộng I     | – | 3| 6-10 | 0| 1| 0| 0    | 0  | 2  | 0.0 |  –  | –  | 0 |0| 0| 0| 0| 1
            Cộng II    | – | 0| –    | 0| 0| 0| 0    | 0  | 0  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            Tổng cộng  | – | 3| 6-10 | 0| 1| 0| 0    | 0  | 2  | 0.0 |  –  | –  | 0 |0| 0| 0| 0| 1
            """,
            funnel={"dossier": (1, 0, 0), "decided": (1, 0, 0), "official": (1, 0, 0)},
        ),
    ),
)
