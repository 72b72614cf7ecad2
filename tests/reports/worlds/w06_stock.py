"""A stock is where people stood on the day, whatever came later: stopped, returned, withdrawn, waiting."""

from tests.reports.worlds.notation import Case, World

WORLD = World(
    title="stock by status at the day, waiting people",
    today="2024-11-18",
    units="""
        north | commune | 2015-01-01 | | north_1
    """,
    people="""
        a1 | north_1 | male | 2023-01-10 source, 2023-05-10 trained, 2024-02-01 stopped, 2024-08-01 reopened,
            2024-08-15 dossier
        a2 | north_1 | male | 2023-01-10 source, 2023-05-10 trained, 2023-07-01 dossier,
            2023-09-01 branch_passed, 2023-10-01 committee_passed, 2023-11-01 submitted,
            2024-03-05 returned>branch, 2024-07-01 branch_passed, 2024-07-20 committee_passed,
            2024-09-10 submitted
        a3 | north_1 | male | waiting                                    # introduced, not accepted: in no figure
        a4 | north_1 | male | 2023-02-01 source, 2023-06-01 trained, 2023-07-01 dossier, undo   # back in "trained"
        a5 | north_1 | male | 2024-05-01 source, undo                    # entered by mistake: in no figure
        a6 | north_1 | male | 2022-06-01 =decided, 2022-06-20 admitted, 2023-03-01 struck_off   # the admission stays
        a7 | north_1 | male | 2023-01-10 source, 2023-05-10 trained, 2023-06-10 dossier, 2023-08-01 branch_vote_failed
    """,
    cases=(
        # a1 is stopped since 1/2, so in no stock; a2 sent; a4 trained; a7 still making the dossier.
        Case(
            "2024-02-01",
            "2024-02-15",
            """
            # unit     |mem|br|target|tr|do|su|period|year|term| %   |state|slow|wom|?|un|re|en|of
            north      | – | 1| 3-5  | 1| 1| 1| 0    | 0  | 1  | 0.0 |below|no  | 0 |0| 0| 0| 0| 0
            Cộng I     | – | 1| 3-5  | 1| 1| 1| 0    | 0  | 1  | 0.0 |  –  | –  | 0 |0| 0| 0| 0| 0
            Cộng II    | – | 0| –    | 0| 0| 0| 0    | 0  | 0  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            Tổng cộng  | – | 1| 3-5  | 1| 1| 1| 0    | 0  | 1  | 0.0 |  –  | –  | 0 |0| 0| 0| 0| 0
            """,
            funnel={"trained": (1, 0, 1), "dossier": (1, 0, 0), "submitted": (1, 0, 0)},
        ),
        # a2 came back to the branch: the dossier is being made again, so it is in that stock, as returned.
        Case(
            "2024-06-01",
            "2024-06-15",
            """
            north      | – | 1| 3-5  | 1| 2| 0| 0    | 0  | 1  | 0.0 |below|yes | 0 |0| 0| 0| 0| 0
            Cộng I     | – | 1| 3-5  | 1| 2| 0| 0    | 0  | 1  | 0.0 |  –  | –  | 0 |0| 0| 0| 0| 0
            Cộng II    | – | 0| –    | 0| 0| 0| 0    | 0  | 0  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            Tổng cộng  | – | 1| 3-5  | 1| 2| 0| 0    | 0  | 1  | 0.0 |  –  | –  | 0 |0| 0| 0| 0| 0
            """,
            funnel={"trained": (1, 0, 1), "dossier": (1, 1, 0)},
        ),
        # a1 reopened and begun, a2 sent again.
        Case(
            "2024-09-01",
            "2024-09-30",
            """
            north      | – | 1| 3-5  | 1| 2| 1| 0    | 0  | 1  | 0.0 |below|yes | 0 |0| 0| 0| 0| 0
            Cộng I     | – | 1| 3-5  | 1| 2| 1| 0    | 0  | 1  | 0.0 |  –  | –  | 0 |0| 0| 0| 0| 0
            Cộng II    | – | 0| –    | 0| 0| 0| 0    | 0  | 0  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            Tổng cộng  | – | 1| 3-5  | 1| 2| 1| 0    | 0  | 1  | 0.0 |  –  | –  | 0 |0| 0| 0| 0| 0
            """,
            funnel={"trained": (1, 0, 0), "dossier": (2, 0, 0), "submitted": (1, 0, 0)},
        ),
    ),
)
