"""The lists a person's record is filled from (domain.md 6.2 and 7.2). Labels are stored nowhere else."""

from django.db.models import TextChoices


class Sex(TextChoices):
    MALE = "male", "Nam"
    FEMALE = "female", "Nữ"


class Religion(TextChoices):
    NONE = "none", "Không"
    BUDDHISM = "buddhism", "Phật giáo"
    CATHOLIC = "catholic", "Công giáo"
    PROTESTANT = "protestant", "Tin lành"
    CAO_DAI = "cao_dai", "Cao Đài"
    HOA_HAO = "hoa_hao", "Phật giáo Hòa Hảo"
    ISLAM = "islam", "Hồi giáo"
    OTHER = "other", "Khác"


class Education(TextChoices):
    PRIMARY = "primary", "Tiểu học"
    LOWER_SECONDARY = "lower_secondary", "Trung học cơ sở"
    UPPER_SECONDARY = "upper_secondary", "Trung học phổ thông"


class Qualification(TextChoices):
    NONE = "none", "Chưa qua đào tạo"
    VOCATIONAL = "vocational", "Sơ cấp, nghề"
    INTERMEDIATE = "intermediate", "Trung cấp"
    COLLEGE = "college", "Cao đẳng"
    UNIVERSITY = "university", "Đại học"
    POSTGRADUATE = "postgraduate", "Trên đại học"


class PoliticalTheory(TextChoices):
    NONE = "none", "Chưa qua"
    ELEMENTARY = "elementary", "Sơ cấp"
    INTERMEDIATE = "intermediate", "Trung cấp"
    ADVANCED = "advanced", "Cao cấp, cử nhân"


class Occupation(TextChoices):
    OFFICIAL = "official", "Cán bộ, công chức"
    PUBLIC_EMPLOYEE = "public_employee", "Viên chức"
    STATE_WORKER = "state_worker", "Công nhân, lao động khu vực nhà nước"
    PRIVATE_WORKER = "private_worker", "Lao động doanh nghiệp ngoài nhà nước"
    FARMER = "farmer", "Nông dân"
    ARMED_FORCES = "armed_forces", "Sĩ quan, chiến sĩ lực lượng vũ trang"
    STUDENT = "student", "Học sinh, sinh viên"
    PART_TIME_OFFICIAL = "part_time_official", "Người hoạt động không chuyên trách ở xã, thôn"
    OTHER = "other", "Khác"


class PriorityGroup(TextChoices):
    """Whom the plan asks units to look to first (51-KH/HU, II.2)."""

    MILITIA = "militia", "Dân quân"
    DEMOBILISED = "demobilised", "Bộ đội xuất ngũ"
    VILLAGE_HEAD = "village_head", "Trưởng, phó thôn"
    COMMUNE_POLICE = "commune_police", "Công an viên"
    BODY_LEADER = "body_leader", "Trưởng, phó đoàn thể ở thôn, tổ dân phố"
    ACTIVE = "active", "Quần chúng tiêu biểu, tích cực"
    PRIVATE_SECTOR = "private_sector", "Lao động nơi chưa có tổ chức đảng ngoài khu vực nhà nước"


class SpecialCase(TextChoices):
    """Who may need a further consent (domain.md 1.1). Findings about the political background are never stored."""

    POPULATION = "population", "Vi phạm chính sách dân số"
    FOREIGN_MARRIAGE = "foreign_marriage", "Quan hệ hôn nhân với người nước ngoài"
    BUSINESS_OWNER = "business_owner", "Chủ doanh nghiệp tư nhân"


class HowLeft(TextChoices):
    """How somebody ceased to be a member (domain.md 1.5)."""

    STRUCK_OFF = "struck_off", "Bị xóa tên"
    EXPELLED = "expelled", "Bị khai trừ"
    RESIGNED = "resigned", "Tự xin ra khỏi Đảng"
    STAYED_AWAY = "stayed_away", "Tự bỏ sinh hoạt đảng"
    DISUNITY = "disunity", "Ra khỏi Đảng vì gây mất đoàn kết nội bộ nghiêm trọng"


class Sentence(TextChoices):
    NONE = "none", "Không có"
    LESS_SERIOUS = "less_serious", "Tội phạm ít nghiêm trọng"
    CORRUPTION = "corruption", "Tội tham nhũng"
    SERIOUS = "serious", "Tội phạm nghiêm trọng trở lên"


class WaitingFor(TextChoices):
    UNIT = "unit", "Chờ đơn vị tiếp nhận"
    BOARD = "board", "Chờ Ban Tổ chức đối chiếu"


ETHNIC_GROUPS = tuple(
    name.strip()
    for name in [
        "\n    Kinh",
        " Tày",
        " Thái",
        " Hoa",
        " Khmer",
        " Mường",
        " Nùng",
        " Mông",
        " Dao",
        " Gia Rai",
        " Ngái",
        " Ê Đê",
        " Ba Na",
        " Xơ Đăng",
        " Sán Chay",
        " Cơ Ho",
        " Chăm",
        "\n    Sán Dìu",
        " Hrê",
        " Mnông",
        " Raglay",
        " Xtiêng",
        " Bru-Vân Kiều",
        " Thổ",
        " Giáy",
        " Cơ Tu",
        " Gié-Triêng",
        " Mạ",
        " Khơ Mú",
        " Co",
        " Tà Ôi",
        " Chơ Ro",
        "\n    Kháng",
        " Xinh Mun",
        " Hà Nhì",
        " Chu Ru",
        " Lào",
        " La Chí",
        " La Ha",
        " Phù Lá",
        " La Hủ",
        " Lự",
        " Lô Lô",
        " Chứt",
        " Mảng",
        " Pà Thẻn",
        " Cơ Lao",
        " Cống",
        "\n    Bố Y",
        " Si La",
        " Pu Péo",
        " Brâu",
        " Ơ Đu",
        " Rơ Măm\n    ",
    ]
)
