"""Every component in every state on one page, to look at and to check. Only with DEBUG; reads no database."""

from datetime import date
from types import SimpleNamespace as Item

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render

from vuthu_recruit.web import paginate


class SampleForm(forms.Form):
    name = forms.CharField(label="Họ và tên")
    born = forms.CharField(
        label="Ngày sinh", help_text="Ví dụ: 27/3/1990", widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    met_on = forms.CharField(label="Ngày họp chi bộ")
    branch = forms.ChoiceField(label="Chi bộ", choices=[("", "Chọn chi bộ"), ("1", "Chi bộ thôn 1")])
    reason = forms.CharField(label="Lý do trả lại", required=False, widget=forms.Textarea)
    unit = forms.CharField(label="Đơn vị", disabled=True, initial="Đảng bộ xã Minh Quang", required=False)
    vote = forms.ChoiceField(
        label="Hình thức biểu quyết",
        choices=[("secret", "Bỏ phiếu kín"), ("open", "Giơ thẻ đảng viên")],
        widget=forms.RadioSelect,
    )
    special = forms.MultipleChoiceField(
        label="Hồ sơ đặc thù",
        required=False,
        help_text="Chọn tất cả những gì đúng",
        choices=[("faith", "Người có đạo"), ("owner", "Chủ doanh nghiệp tư nhân")],
        widget=forms.CheckboxSelectMultiple,
    )
    agreed = forms.BooleanField(label="Đã kiểm tra lại", help_text="Đối chiếu với giấy khai sinh")
    file = forms.FileField(label="Tệp Excel", required=False)

    def clean_met_on(self):
        raise forms.ValidationError("Ngày họp chi bộ không có thật: tháng 2 năm 2024 chỉ có 29 ngày.")


class FilterForm(forms.Form):
    q = forms.CharField(label="Tìm họ tên", required=False)
    stage = forms.ChoiceField(label="Bước", required=False, choices=[("", "Tất cả các bước"), ("source", "Nguồn")])


STAGES = [
    ("Nguồn", "", "source"),
    ("Đã học lớp nhận thức", "", "trained"),
    ("Đang làm hồ sơ", "doing", "dossier"),
    ("Chi bộ đã có nghị quyết", "doing", "cell"),
    ("Đảng ủy đã có nghị quyết", "doing", "committee"),
    ("Đã gửi Ban Tổ chức", "doing", "submitted"),
    ("Thẩm định đạt, chờ trình", "doing", "appraised"),
    ("Có quyết định kết nạp", "doing", "decided"),
    ("Đảng viên dự bị", "done", "admitted"),
    ("Đề nghị công nhận", "done", "proposed"),
    ("Đảng viên chính thức", "done", "official"),
    ("Bị trả lại", "soon", "returned"),
    ("Dừng theo dõi", "stopped", "stopped"),
    ("Xóa tên", "stopped", "struck"),
    ("Chuyển đi", "stopped", "moved"),
]
STATES = [
    ("Đủ", "done", "done"),
    ("Đang làm dở", "doing", "dossier"),
    ("Bị trả lại", "soon", "returned"),
    ("Chưa có", "idle", "missing"),
    ("Không cần", "idle", "none"),
    ("Quá hạn", "late", "late"),
]
UNITS = [
    (4, 3, 5, 1.87, 0, "4 người, khung 3–5: đạt", ("Đạt", "done", "done")),
    (9, 3, 5, 1.87, 0, "9 người: vượt khung, hết thước", ("Vượt khung", "done", "above")),
    (2, 3, 5, 1.87, 0, "2 người, đã qua mốc 1,9", ("Đúng tiến độ", "doing", "moved")),
    (1, 3, 5, 1.87, 0, "1 người, chưa đến mốc", ("Còn chậm", "soon", "soon")),
    (3, 3, 5, 1.87, 1, "3 người, 1 là số dư đầu kỳ", ("Đạt", "done", "done")),
    (0, 2, 3, 1.24, 0, "0 người, đã nhập", ("Còn chậm", "soon", "soon")),
    (None, 2, 3, 1.24, 0, "Chưa nhập", ("Chưa nhập", "idle", "missing")),
    (2, None, None, None, 0, "2 người, không giao chỉ tiêu", ("Không giao", "idle", "none")),
    (None, None, None, None, 0, "Không giao chỉ tiêu", ("Không giao", "idle", "none")),
]


def navigation():
    daily = [
        Item(label="Việc hôm nay", url="#viec", count=14, current=True),
        Item(label="Quần chúng", url="#quan-chung", count=1284, current=False),
        Item(label="Lớp học", url="#lop", count=None, current=False),
    ]
    watching = [Item(label="Tổng quan", url="#tong-quan", count=None, current=False)]
    return [("Hằng ngày", daily), ("Theo dõi", watching)]


@login_not_required
def gallery(request):
    if not settings.DEBUG:
        raise Http404

    context = {
        "navigation": navigation(),
        "user": Item(is_authenticated=True, full_name="Vũ Đức Thịnh"),
        "role_line": "Ban Tổ chức Huyện ủy",
        "demo": True,
        "form": SampleForm({"name": "", "born": "27/3/1990", "met_on": "31/02/2024", "vote": "secret"}),
        "filters": FilterForm(),
        "page_obj": paginate(request, range(1284), per_page=10),
        "stages": STAGES,
        "states": STATES,
        "units": UNITS,
        "day_of_deadline": date(2024, 8, 9),
        "term_parts": [108, 121, 80],
        "term_rows": [
            Item(kind="opening", label="Số dư đầu kỳ", note="đến 12/2021", value=62, url=""),
            Item(kind="result", label="Năm 2022", note="", value=108, url="#nam"),
            Item(kind="result-2", label="Năm 2023", note="", value=121, url="#nam"),
            Item(kind="result", label="Năm 2024", note="", value=80, url="#nam"),
        ],
        "funnel": [("Nguồn", 412), ("Đang làm hồ sơ", 96), ("Có quyết định kết nạp", 8), ("Đề nghị công nhận", 0)],
        "tally": [
            Item(url="#tat-ca", value=1284, label="Tất cả", icon="", current=True),
            Item(url="#them", value=18, label="Thêm mới", icon="add", current=False),
            Item(url="#loi", value=3, label="Lỗi", icon="soon", current=False),
        ],
        "tabs": [
            Item(url="#hoc-vien", label="Học viên", count=96, current=True),
            Item(url="#diem-danh", label="Điểm danh", count=None, current=False),
        ],
        "chips": [
            Item(name="block", value="xa", label="Khối xã, thị trấn"),
            Item(name="stage", value="dossier", label="Đang làm hồ sơ"),
        ],
        "quick": [
            Item(url="#qua-han", icon="late", label="Quá hạn xét công nhận chính thức", count=5),
            Item(url="#tra-lai", icon="returned", label="Bị trả lại hơn 30 ngày", count=4),
        ],
        "steps_taken": [
            Item(
                name="Đã học lớp nhận thức",
                state="done",
                icon="trained",
                on=date(2023, 6, 23),
                words="",
                notes=["GCN 118/CN-NTVĐ"],
            ),
            Item(name="Đang làm hồ sơ", state="now", icon="dossier", on=date(2023, 9, 11), words="11 tháng", notes=[]),
            Item(name="Chi bộ có nghị quyết", state="next", icon="", on=None, words="", notes=[]),
        ],
        "refusals": [
            Item(
                title="Chưa đủ người giới thiệu",
                found="1 đảng viên chính thức",
                required="2 đảng viên chính thức",
                fixer="Chi bộ thôn 3",
                citation="Điều lệ Đảng, Điều 4",
            )
        ],
        "met": ["Tuổi 25 năm 5 tháng", "Có đơn xin vào Đảng"],
        "facts": [
            Item(label="Số định danh", value="000 ••• ••• 417", url="#xem", action="Xem"),
            Item(label="Nghề nghiệp", value="Điều dưỡng", url="", action=""),
            Item(label="Điện thoại", value="", url="", action=""),
        ],
    }
    return render(request, "gallery.html", context)
