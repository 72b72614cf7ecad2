"""The words of the pipeline: stages, statuses, steps, and what the Standing Committee may say."""

from django.db.models import TextChoices


class Stage(TextChoices):
    SOURCE = "source", "Nguồn"
    TRAINED = "trained", "Đã học lớp nhận thức về Đảng"
    DOSSIER = "dossier", "Đang làm hồ sơ"
    BRANCH_PASSED = "branch_passed", "Chi bộ đã có nghị quyết"
    COMMITTEE_PASSED = "committee_passed", "Đảng ủy cơ sở đã có nghị quyết"
    SUBMITTED = "submitted", "Đã gửi Ban Tổ chức"
    APPRAISED = "appraised", "Thẩm định đạt, chờ trình"
    DECIDED = "decided", "Có quyết định kết nạp"
    ADMITTED = "admitted", "Đã kết nạp, đảng viên dự bị"
    RECOGNITION_PROPOSED = "recognition_proposed", "Chi bộ đề nghị công nhận"
    RECOGNITION_COMMITTEE_PASSED = "recognition_committee_passed", "Đảng ủy cơ sở đề nghị công nhận"
    OFFICIAL = "official", "Đảng viên chính thức"


STAGES = tuple(Stage)
BEFORE_SUBMISSION = STAGES[: STAGES.index(Stage.SUBMITTED)]
BEFORE_THE_MEETING = STAGES[: STAGES.index(Stage.BRANCH_PASSED)]
PROBATION = (Stage.ADMITTED, Stage.RECOGNITION_PROPOSED, Stage.RECOGNITION_COMMITTEE_PASSED)
# A resolution of the branch waits for the decision of the level above: the clocks that may be extended.
UNDECIDED = (
    Stage.BRANCH_PASSED,
    Stage.COMMITTEE_PASSED,
    Stage.SUBMITTED,
    Stage.APPRAISED,
    Stage.RECOGNITION_PROPOSED,
    Stage.RECOGNITION_COMMITTEE_PASSED,
)


class Status(TextChoices):
    WAITING = "waiting", "Chờ tiếp nhận"
    OPEN = "open", "Đang theo dõi"
    RETURNED = "returned", "Bị trả lại"
    STOPPED = "stopped", "Tạm dừng"
    MOVED_AWAY = "moved_away", "Chuyển đi nơi khác"
    STRUCK_OFF = "struck_off", "Xóa tên"
    WITHDRAWN = "withdrawn", "Đã rút (nhập nhầm)"


FOLLOWED = (Status.OPEN, Status.RETURNED)  # on the way


class Step(TextChoices):
    SOURCE = "source", "Đưa vào nguồn"
    ACCEPTED = "accepted", "Tiếp nhận vào nguồn"
    BACKFILLED = "backfilled", "Nhập bù"
    TRAINED = "trained", "Được cấp giấy chứng nhận học lớp nhận thức về Đảng"
    DOSSIER = "dossier", "Bắt đầu làm hồ sơ"
    BRANCH_PASSED = "branch_passed", "Chi bộ biểu quyết đạt"
    BRANCH_VOTE_FAILED = "branch_vote_failed", "Chi bộ biểu quyết không đạt"
    COMMITTEE_PASSED = "committee_passed", "Đảng ủy cơ sở biểu quyết đạt"
    COMMITTEE_REPORTED = "committee_reported", "Đảng ủy cơ sở không đủ 2/3, báo cáo cấp trên"
    SUBMITTED = "submitted", "Gửi hồ sơ lên Ban Tổ chức"
    RETURNED = "returned", "Trả lại hồ sơ"
    APPRAISED = "appraised", "Thẩm định đạt"
    DEFERRED = "deferred", "Kỳ họp chưa quyết định"
    DECIDED = "decided", "Ra quyết định kết nạp"
    DECISION_CANCELLED = "decision_cancelled", "Hủy quyết định kết nạp"
    DECISION_RECEIVED = "decision_received", "Chi bộ nhận quyết định kết nạp"
    ADMITTED = "admitted", "Tổ chức lễ kết nạp"
    RECOGNITION_PROPOSED = "recognition_proposed", "Chi bộ đề nghị công nhận chính thức"
    RECOGNITION_COMMITTEE_PASSED = "recognition_committee_passed", "Đảng ủy cơ sở đề nghị công nhận chính thức"
    OFFICIAL = "official", "Ra quyết định công nhận chính thức"
    EXTENDED = "extended", "Gia hạn ra quyết định"
    STOPPED = "stopped", "Tạm dừng theo dõi"
    REOPENED = "reopened", "Theo dõi trở lại"
    MOVED = "moved", "Chuyển đơn vị"
    MOVED_AWAY = "moved_away", "Chuyển đi khỏi đảng bộ huyện"
    STRUCK_OFF = "struck_off", "Xóa tên đảng viên dự bị"


class RedoFrom(TextChoices):
    NOTHING = "nothing", "Chỉ bổ sung, không phải họp lại"
    COMMITTEE = "committee", "Đảng ủy cơ sở họp lại"
    BRANCH = "branch", "Chi bộ họp lại"


class Outcome(TextChoices):
    CONSULT = "consult", "Xin thêm ý kiến"
    HOLD = "hold", "Để lại kỳ họp sau"
