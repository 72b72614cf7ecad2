"""The headings by which the columns of a list of people are known: without case, marks, spaces. Pure.

A heading of two rows is looked for joined first (“Trình độ / Học vấn” is trinhdohocvan), then by its lower row. "DT" is
in no list: it is dân tộc or điện thoại.
"""

BIRTHS = (
    *("ngaysinh", "namsinh", "ngaythangnamsinh", "ngaynamsinh", "ngaythangsinh", "sinhngay", "sinhnam", "ntns"),
    *("sinhngaythangnam", "ngaythangnam", "ngsinh", "nsinh", "ngaythangnamsinhnamnu", "ngaysinhnamsinh"),
)
JOINED_UNION = ("vaodoan", "vaodoantncs", "vaodoantncshcm", "vaodoantn", "vaodoanthanhnien", "ketnapdoan")
WHOSE = ("", "quanchung", "quanchunguutu", "nguoiduocgioithieu", "nguoivaodang", "doanvien", "cuaquanchung", "nguon")

# What stands above other headings and adds nothing: all of it is of the person listed.
NEUTRAL = frozenset(
    {
        *("trinhdo", "cactrinhdo", "trinhdocacmat", "thongtin", "thongtincanhan", "thongtinchung", "thongtinquanchung"),
        *("soyeulylich", "lylich", "lylichtrichngang", "trichnganglylich", "banthan", "thongtinbanthan", "nhanthan"),
        *("giayto", "giaytotuythan", "lienhe", "thongtinlienhe", "doantn", "tochucdoan", "gioithieu"),
    }
)
HEADINGS: dict[str, tuple[str, ...]] = {
    "record_key": ("mahoso", "mahs", "mahosophanmem"),
    "order": ("tt", "stt", "sott", "sothutu", "thutu"),
    "full_name": (
        *(f"{words}{whose}" for words in ("hovaten", "hoten") for whose in WHOSE),
        *("hotenkhaisinh", "hovatenkhaisinh", "hodemvaten", "hotendemvaten", "hovatendemvaten", "hochulotvaten"),
        *("tenquanchung", "quanchung", "quanchunguutu", "hovatencchuinhoa", "hotenchuinhoa", "hovatenchuinhoa"),
    ),
    "family_name": (
        *("ho", "hodem", "hovadem", "hovatendem", "hotendem", "holot", "hovachulot", "hochulot", "hovatenlot"),
        *("hovatenho", "hovatenhodem", "hovatenhovadem", "hovatenhovatendem", "hovatenhotendem", "hotenho"),
        *("hotenhodem", "hotenhovadem"),
    ),
    "given_name": ("ten", "tenrieng", "hovatenten", "hotenten", "tengoi"),
    "birth": BIRTHS,
    "birth_male": (*(f"{birth}nam" for birth in BIRTHS), *(f"{birth}namgioi" for birth in BIRTHS), "namsinhcuanam"),
    "birth_female": (*(f"{birth}nu" for birth in BIRTHS), *(f"{birth}nugioi" for birth in BIRTHS), "namsinhcuanu"),
    "birth_day": (*(f"{birth}ngay" for birth in BIRTHS), "ngaysinh"),
    "birth_month": (*(f"{birth}thang" for birth in BIRTHS), "thangsinh"),
    "birth_year": (*(f"{birth}nam" for birth in BIRTHS), "namsinh"),
    "sex": ("gioitinh", "gt", "phai", "gioi", "namnu", "gioitinhnamnu", "nambaynu", "namhaynu"),
    "male": ("nam", "namgioi", "gioitinhnam", "gtnam", "lanam", "gioinam", "phainam"),
    "female": ("nu", "nugioi", "gioitinhnu", "gtnu", "lanu", "gioinu", "phainu"),
    "identity_number": (
        *("cccd", "socccd", "sothecccd", "sodinhdanh", "sodinhdanhcanhan", "madinhdanh", "madinhdanhcanhan"),
        *("socancuoc", "cancuoc", "socancuoccongdan", "cancuoccongdan", "sothecancuoc", "thecancuoc", "socc"),
        *("cmnd", "socmnd", "cmt", "socmt", "cmtnd", "socmtnd", "sochungminhnhandan", "chungminhnhandan"),
        *("cccdcmnd", "cmndcccd", "socccdcmnd", "socmndcccd", "socccdsocmnd", "socmtcccd", "socccdcmt", "cmtcccd"),
        *("sochungminhthu", "socccdsodinhdanh", "socccdmadinhdanh", "sodinhdanhcccd", "socccdsodinhdanhcanhan"),
        *("sodinhdanhcanhancccd", "sodinhdanhdache", "socccdhoaccmnd", "socccdhoacsodinhdanh", "cccdsodinhdanh"),
    ),
    "unit": (
        *("donvi", "dangbo", "dangbocoso", "tochucdang", "tochuccosodang", "tccsd", "danguy", "dangbodonvi"),
        *("donvidangbo", "dangboxa", "tendonvi", "tendangbo", "dangbochibocoso"),
    ),
    "branch": (
        *("chibo", "cb", "tenchibo", "chibosinhhoat", "chibogioithieu", "sinhhoattaichibo", "thuocchibo", "chibothon"),
        *("chibotructhuoc", "chibodexuat", "chibodenghi", "chiboquanly", "chibonoigioithieu", "chibodangbo"),
        *("dangbochibo", "chibocongtac", "chibonoisinhhoat", "chibogiupdo", "chibotheodoi"),
    ),
    "home_town": ("quequan", "que", "nguyenquan", "quequannguyenquan", "quequanxahuyentinh"),
    "residence": (
        *("noio", "noiohiennay", "noiohientai", "choo", "choohiennay", "choohientai", "noicutru", "cutru", "truquan"),
        *("diachi", "diachihiennay", "diachithuongtru", "thuongtru", "noithuongtru", "hokhau", "hokhauthuongtru"),
        *("hktt", "noidangkyhokhau", "noidkhktt", "dangkyhokhauthuongtru", "noidangkyhokhauthuongtru", "noisinhsong"),
        *("diachilienhe", "diachinoio", "noiothuongtru"),
    ),
    "phone": (
        *("dienthoai", "sodienthoai", "sdt", "sodt", "dtdd", "didong", "dienthoaididong", "sodienthoailienhe"),
        *("dienthoailienhe", "sdtlienhe", "tel", "mobile", "sodidong"),
    ),
    "ethnicity": ("dantoc", "dtoc", "thanhphandantoc"),
    "religion": ("tongiao", "tgiao", "theotongiao"),
    "education": (
        *("hocvan", "trinhdohocvan", "vanhoa", "trinhdovanhoa", "tdvh", "giaoducphothong", "gdpt", "hv", "vh"),
        *("trinhdogiaoducphothong", "trinhdogdpt", "hocvanphothong", "trinhdohocvanphothong", "vanhoaphothong"),
        *("trinhdophothong", "phothong", "trinhdovh", "trinhdohv", "trinhdovanhoaphothong", "tdhv"),
    ),
    "qualification": (
        *("chuyenmon", "trinhdochuyenmon", "chuyenmonnghiepvu", "trinhdochuyenmonnghiepvu", "cmnv", "trinhdocmnv"),
        *("cm", "trinhdocm", "tdcm", "trinhdodaotao", "bangcap", "trinhdochuyenmonkythuat", "hocvi"),
        *("bangcapchuyenmon", "trinhdochuyenmoncaonhat"),
    ),
    "political_theory": (
        *("llct", "lyluanchinhtri", "trinhdollct", "trinhdolyluanchinhtri", "lyluan", "chinhtri", "trinhdochinhtri"),
        *("trinhdolyluan", "llchinhtri", "trinhdollchinhtri", "trinhdoct"),
    ),
    "occupation": ("nhomnghenghiep", "nhomnghe", "thanhphannghenghiep"),
    "job": (
        *("nghenghiep", "nghe", "congviec", "nghenghiephiennay", "congviechiennay", "congviecdanglam"),
        *("nghenghiepchucvu", "nghenghiepchucdanh", "nghenghiepvachucvu", "chucvunghenghiep", "congviecchinhdanglam"),
        *("nghenghiepchucvucongtac", "congtacdanglam", "vieclam", "nghenghiepvieclam", "nhiemvu"),
        *("nghenghiepchucvuhiennay", "congviecchucvu"),
    ),
    "position": (
        *("chucvu", "chucdanh", "chucvucongtac", "chucvuhiennay", "chucvuchinhquyen", "chucvudoanthe"),
        *("chucvuchinhquyendoanthe", "chucvudanglam", "vitricongtac", "chucvuchucdanh"),
    ),
    "workplace": (
        *("noilamviec", "noicongtac", "donvicongtac", "coquan", "coquancongtac", "coquandonvi", "donvilamviec"),
        *("noilamviechiennay", "coquandonvicongtac", "diachicongtac", "congtactai", "noicongtachiennay"),
    ),
    "is_youth_union_member": (
        *("doanvien", "ladoanvien", "doanvientn", "dvtn", "doanvienthanhnien", "doanvientncs", "doanvientncshcm"),
        *("doanviendoantn", "doanviendoanthanhnien", "ladoanvienthanhnien"),
    ),
    "youth_union_joined": (
        *JOINED_UNION[:1],
        *(f"{when}{joined}" for when in ("ngay", "nam", "ngaythangnam", "ngaythang") for joined in JOINED_UNION),
        *("ngayketnapvaodoan", "ngayvaodoanvien"),
    ),
    "is_trade_union_member": ("doanviencongdoan", "congdoan", "congdoanvien", "ladoanviencongdoan", "dvcd"),
    "priority_groups": (
        *("doituong", "doituonguutien", "dienuutien", "doituongphattrien", "thuocdoituong", "nhomdoituong"),
        *("doituongphattriendang", "doituongnguon", "thanhphandoituong", "doituongketnap"),
    ),
    "introduced_by_body": (
        *("tochucgioithieu", "doanthegioithieu", "tochucgioithieunguon", "tochucdoanthegioithieu", "gioithieuboi"),
        *("tcgioithieu", "tochucdoanthe", "tochucctxhgioithieu", "tochucchinhtrixahoigioithieu"),
    ),
    "entered_on": (
        *("ngayduavaonguon", "ngayvaonguon", "duavaonguonngay", "thoigianduavaonguon", "ngaygioithieuvaonguon"),
        *("ngaythangduavaonguon", "ngaylapnguon", "ngayduavaodanhsach", "duavaonguon", "ngaythangnamduavaonguon"),
    ),
    "stage": ("buoc", "giaidoan"),
    "status": ("trangthai",),
    "last_on": ("ngaycuabuocgannhat",),
    "note": ("ghichu", "gc", "ghichukhac", "chuthich", "ghichunguon"),
    "problems": ("loi", "loicanxem"),
}  # fmt: skip
