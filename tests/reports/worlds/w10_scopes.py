"""Who looks: the Board sees the unit, a branch officer only the branch, and no number tells of the other branches."""

from tests.reports.worlds.notation import Case, World

WORLD = World(
    title="scopes, people without a branch, dated facts",
    today="2024-11-18",
    units="""
        north  | commune | 2015-01-01 | | north_1 north_2
        office | office  | 2015-01-01 | | office_1
    """,
    people="""
        b1 | north_1  | female | 2024-02-15 =decided
        b2 | north_2  | male   | 2024-03-15 =decided
        b3 | north    | male   | 2024-05-05 source, 2024-06-01 trained    # "chưa phân chi bộ": stands at the committee
        b4 | north_1  | male   | 2023-05-01 source, 2023-08-01 trained, 2023-10-01 dossier,
            2024-04-01 branch_passed, 2024-04-20 committee_passed, 2024-05-10 submitted
        b5 | north_1  | male   | 2023-03-01 =decided, 2023-03-20 admitted, 2024-04-01 recognition_proposed,
            2024-04-15 recognition_committee_passed, 2024-05-20 official
        o1 | office_1 | female private | 2024-06-20 =decided
    """,
    opening="""
        north | 2024-01-01 | 2024-03-31 | 4 | 2   # b1 and b2 name two, b1 one of the women: 2 remain, 1 a woman
    """,
    members="""
        north | 2024-01-01 | 210
        north | 2024-06-30 | 212
        north | 2024-07-01 | 215   # the day after
    """,
    cases=(
        Case(
            "2024-06-01",
            "2024-06-30",
            """
            # unit     |mem|br|target|tr|do|su|period|year|term| %   |state|slow|wom|?|un|re|en|of
            north      |212| 2| 3-5  | 1| 0| 1| 0    | 2+2| 3+2|133.3| in  |no  |1+1|0| 0| 0| 0| 1
            office     | – | 1| 2-3  | 0| 0| 0| 1    | 1  | 1  | 50.0|below|no  | 1 |0| 0| 0| 1| 0
            Cộng I     |212| 2| 3-5  | 1| 0| 1| 0    | 2+2| 3+2|133.3|  –  | –  |1+1|0| 0| 0| 0| 1
            Cộng II    | – | 1| 2-3  | 0| 0| 0| 1    | 1  | 1  | 50.0|  –  | –  | 1 |0| 0| 0| 1| 0
            Tổng cộng  |212| 3| 5-8  | 1| 0| 1| 1    | 3+2| 4+2|100.0|  –  | –  |2+1|0| 0| 0| 1| 1
            """,
            funnel={"trained": (1, 0, 0), "submitted": (1, 0, 0), "decided": (3, 0, 0), "official": (1, 0, 0)},
        ),
        # The unit's officer sees the unit as the Board does.
        Case(
            "2024-06-01",
            "2024-06-30",
            """
            north      |212| 2| 3-5  | 1| 0| 1| 0    | 2+2| 3+2|133.3| in  |no  |1+1|0| 0| 0| 0| 1
            Cộng I     |212| 2| 3-5  | 1| 0| 1| 0    | 2+2| 3+2|133.3|  –  | –  |1+1|0| 0| 0| 0| 1
            Cộng II    | – | 0| –    | 0| 0| 0| 0    | 0  | 0  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            Tổng cộng  |212| 2| 3-5  | 1| 0| 1| 0    | 2+2| 3+2|133.3|  –  | –  |1+1|0| 0| 0| 0| 1
            """,
            funnel={"trained": (1, 0, 0), "submitted": (1, 0, 0), "decided": (2, 0, 0), "official": (1, 0, 0)},
            user="north_officer",
        ),
        # The branch's own people: b1 this year, b5 in 2023 and recognised, b4 sent. The unit's range, members and
        # opening balance are the unit's, so they are not shown as the branch's; nothing of north_2 or of b3.
        Case(
            "2024-06-01",
            "2024-06-30",
            """
            north      | – | 1|branch| 0| 0| 1| 0    | 1  | 2  | –   |  –  | –  | 1 |0| 0| 0| 0| 1
            Cộng I     | – | 1| –    | 0| 0| 1| 0    | 1  | 2  | –   |  –  | –  | 1 |0| 0| 0| 0| 1
            Cộng II    | – | 0| –    | 0| 0| 0| 0    | 0  | 0  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            Tổng cộng  | – | 1| –    | 0| 0| 1| 0    | 1  | 2  | –   |  –  | –  | 1 |0| 0| 0| 0| 1
            """,
            funnel={"submitted": (1, 0, 0), "decided": (1, 0, 0), "official": (1, 0, 0)},
            user="north_1_officer",
        ),
        # The officer of the other branch: b2 alone.
        Case(
            "2024-03-01",
            "2024-03-31",
            """
            north      | – | 1|branch| 0| 0| 0| 1    | 1  | 1  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            Cộng I     | – | 1| –    | 0| 0| 0| 1    | 1  | 1  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            Cộng II    | – | 0| –    | 0| 0| 0| 0    | 0  | 0  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            Tổng cộng  | – | 1| –    | 0| 0| 0| 1    | 1  | 1  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            """,
            funnel={"decided": (1, 0, 0)},
            user="north_2_officer",
        ),
    ),
)
