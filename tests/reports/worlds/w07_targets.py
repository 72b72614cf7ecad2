"""Ranges: revised on a day, "không giao", a unit opened later, a unit that entered nothing, shares never added in."""

from tests.reports.worlds.notation import Case, World

WORLD = World(
    title="targets in force at the day",
    today="2024-12-20",
    units="""
        north  | commune | 2015-01-01 | | north_1 north_2
        south  | commune | 2015-01-01 | | south_1
        east   | commune | 2015-01-01 | | east_1
        west   | commune | 2024-07-01 | | west_1
        office | office  | 2015-01-01 | | office_1
    """,
    people="""
        n1 | north_1 | male | 2024-01-20 =decided
        s1 | south_1 | male | 2024-03-03 =decided
        s2 | south_1 | male | 2024-04-04 =decided
        s3 | south_1 | male | 2024-06-06 =decided   # appraised 7/5
        s4 | south_1 | male | 2024-06-07 =decided   # appraised 8/5
        e1 | east_1  | male | 2024-02-02 =decided
        w1 | west_1  | male | 2024-07-05 source, 2024-08-01 trained, 2024-08-20 dossier,
            2024-09-10 branch_passed, 2024-09-20 committee_passed, 2024-10-01 submitted, 2024-10-20 appraised,
            2024-11-05 decided
    """,
    targets="""
        south | 2024 | 2-3  | 2024-05-10
        east  | 2024 | none | 2024-01-15
        west  | 2024 | 1-2  | 2024-07-05   # a unit opened later has rows only from its own decision on
    """,
    shares="""
        north_1 | 2024 | 2-3   # shares among branches are never added to anything
        north_2 | 2024 | 1-2
    """,
    cases=(
        # The day before south's revision. Units with a range: north and south (office entered nothing but has one).
        Case(
            "2024-05-01",
            "2024-05-09",
            """
            # unit     |mem|br|target   |tr|do|su|period|year|term| %   |state|slow|wom|?|un|re|en|of
            north      | – | 2| 3-5     | 0| 0| 0| 0    | 1  | 1  | 33.3|below|no  | 0 |0| 0| 0| 0| 0
            south      | – | 1| 3-5     | 0| 0| 2| 0    | 2  | 2  | 66.7|below|no  | 0 |0| 0| 0| 0| 0
            east       | – | 1|no_target| 0| 0| 0| 0    | 1  | 1  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            office     | – | 1| 2-3     | 0| 0| 0| –    | –  | –  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            Cộng I     | – | 4| 6-10    | 0| 0| 2| 0    | 4  | 4  | 50.0|  –  | –  | 0 |0| 0| 0| 0| 0
            Cộng II    | – | 1| 2-3     | 0| 0| 0| 0    | 0  | 0  | 0.0 |  –  | –  | 0 |0| 0| 0| 0| 0
            Tổng cộng  | – | 5| 8-13    | 0| 0| 2| 0    | 4  | 4  | 37.5|  –  | –  | 0 |0| 0| 0| 0| 0
            """,
            funnel={"appraised": (2, 0, 0), "decided": (4, 0, 0)},
        ),
        # The day of the revision: 2 of 2–3. Cộng I 3 ÷ 5, Tổng 3 ÷ 7: east's person is in neither term of the ratio.
        Case(
            "2024-05-01",
            "2024-05-10",
            """
            north      | – | 2| 3-5     | 0| 0| 0| 0    | 1  | 1  | 33.3|below|no  | 0 |0| 0| 0| 0| 0
            south      | – | 1| 2-3     | 0| 0| 2| 0    | 2  | 2  |100.0| in  |no  | 0 |0| 0| 0| 0| 0
            east       | – | 1|no_target| 0| 0| 0| 0    | 1  | 1  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            office     | – | 1| 2-3     | 0| 0| 0| –    | –  | –  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            Cộng I     | – | 4| 5-8     | 0| 0| 2| 0    | 4  | 4  | 60.0|  –  | –  | 0 |0| 0| 0| 0| 0
            Cộng II    | – | 1| 2-3     | 0| 0| 0| 0    | 0  | 0  | 0.0 |  –  | –  | 0 |0| 0| 0| 0| 0
            Tổng cộng  | – | 5| 7-11    | 0| 0| 2| 0    | 4  | 4  | 42.9|  –  | –  | 0 |0| 0| 0| 0| 0
            """,
            funnel={"appraised": (2, 0, 0), "decided": (4, 0, 0)},
        ),
        # West is open since yesterday, its range is decided on the 5th: "chưa giao", and nothing entered. 200 % stays.
        Case(
            "2024-07-01",
            "2024-07-02",
            """
            north      | – | 2| 3-5     | 0| 0| 0| 0    | 1  | 1  | 33.3|below|no  | 0 |0| 0| 0| 0| 0
            south      | – | 1| 2-3     | 0| 0| 0| 0    | 4  | 4  |200.0|above|no  | 0 |0| 0| 0| 0| 0
            east       | – | 1|no_target| 0| 0| 0| 0    | 1  | 1  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            west       | – | 1|not_yet  | 0| 0| 0| –    | –  | –  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            office     | – | 1| 2-3     | 0| 0| 0| –    | –  | –  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            Cộng I     | – | 5| 5-8     | 0| 0| 0| 0    | 6  | 6  |100.0|  –  | –  | 0 |0| 0| 0| 0| 0
            Cộng II    | – | 1| 2-3     | 0| 0| 0| 0    | 0  | 0  | 0.0 |  –  | –  | 0 |0| 0| 0| 0| 0
            Tổng cộng  | – | 6| 7-11    | 0| 0| 0| 0    | 6  | 6  | 71.4|  –  | –  | 0 |0| 0| 0| 0| 0
            """,
            funnel={"decided": (6, 0, 0)},
        ),
        # 30 November is day 335: asks for 2 of north's 3, 1 of south's 2, 0 of west's 1.
        Case(
            "2024-11-01",
            "2024-11-30",
            """
            north      | – | 2| 3-5     | 0| 0| 0| 0    | 1  | 1  | 33.3|below|yes | 0 |0| 0| 0| 0| 0
            south      | – | 1| 2-3     | 0| 0| 0| 0    | 4  | 4  |200.0|above|no  | 0 |0| 0| 0| 0| 0
            east       | – | 1|no_target| 0| 0| 0| 0    | 1  | 1  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            west       | – | 1| 1-2     | 0| 0| 0| 1    | 1  | 1  |100.0| in  |no  | 0 |0| 0| 0| 0| 0
            office     | – | 1| 2-3     | 0| 0| 0| –    | –  | –  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            Cộng I     | – | 5| 6-10    | 0| 0| 0| 1    | 7  | 7  |100.0|  –  | –  | 0 |0| 0| 0| 0| 0
            Cộng II    | – | 1| 2-3     | 0| 0| 0| 0    | 0  | 0  | 0.0 |  –  | –  | 0 |0| 0| 0| 0| 0
            Tổng cộng  | – | 6| 8-13    | 0| 0| 0| 1    | 7  | 7  | 75.0|  –  | –  | 0 |0| 0| 0| 0| 0
            """,
            funnel={"decided": (7, 0, 0)},
        ),
    ),
)
