"""Files that no office program wrote, or that were renamed: what each is, and the words it is refused with.

Built here, some take a second; the tests read them one by one, the benchmark measures each in a process of its own.
"""

import io
import struct
import zipfile
import zlib

from vuthu_recruit import spreadsheet

MB = 1 << 20
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KINDS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'


def packed(parts: dict[str, bytes | str]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return kept.getvalue()


def xlsx(sheet: str = "", *, sheets: int = 1, before: str = "", after: str = "", parts=None, is_1904=False) -> bytes:
    """A workbook whose sheets have these rows; `parts` are added, or stand in place of its own."""
    numbers = range(1, sheets + 1)
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/s{n}.xml" ContentType="{KINDS}.worksheet+xml"/>' for n in numbers
    )
    names = "".join(f'<sheet name="Trang {n}" sheetId="{n}" r:id="r{n}"/>' for n in numbers)
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{RELATIONS}/worksheet" Target="worksheets/s{n}.xml"/>' for n in numbers
    )
    package = "http://schemas.openxmlformats.org/package/2006"
    page = f'<worksheet xmlns="{MAIN}">{before}<sheetData>{sheet or ROW}</sheetData>{after}</worksheet>'
    return packed(
        {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{KINDS}.sheet.main+xml"/>{kinds}</Types>',
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
            f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">'
            f'<workbookPr date1904="{int(is_1904)}"/><sheets>{names}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">{relations}</Relationships>',
            **{f"xl/worksheets/s{n}.xml": page for n in numbers},
            **(parts or {}),
        }
    )


def ods(rows: str, *, mimetype: bytes = spreadsheet.ODS_KIND, parts=None) -> bytes:
    spaces = " ".join(f'xmlns:{name}="{OFFICE}:{name}:1.0"' for name in ("office", "table", "text"))
    content = (
        f'<office:document-content {spaces} xmlns:calcext="urn:calcext"><office:body><office:spreadsheet>'
        f'<table:table table:name="Trang 1">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = f'<manifest:manifest xmlns:manifest="{OFFICE}:manifest:1.0"/>'
    own = {"mimetype": mimetype, "content.xml": content, "META-INF/manifest.xml": manifest}
    return packed(own | (parts or {}))


def cells(rows: int, columns: int, cell: str = "<v>1</v>", kind: str = "") -> str:
    row = f"<c{kind}>{cell}</c>" * columns
    return "".join(f'<row r="{n}">{row}</row>' for n in range(1, rows + 1))


def said_smaller(content: bytes, name: str, size: int) -> bytes:
    """The archive whose part claims to be only this long, with the check sum of that much of it."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = archive.getinfo(name)
        check = zlib.crc32(archive.read(name)[:size])
    changed = bytearray(content)
    central = content.rindex(b"PK\x01\x02", 0, content.rindex(name.encode()))
    for at in (part.header_offset + 14, central + 16):
        changed[at : at + 4] = struct.pack("<I", check)
        changed[at + 8 : at + 12] = struct.pack("<I", size)
    return bytes(changed)


def locked(content: bytes) -> bytes:
    """The bit that says a part has a password, in every header of the archive."""
    return content.replace(b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01").replace(
        b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"
    )


def part(name: str, content: bytes | str) -> bytes:
    return xlsx(parts={name: content})


OLE = spreadsheet.OLE + bytes(600)
MACRO_KIND = f'<Types><Override ContentType="{KINDS}.sheet.macroEnabled.main+xml"/></Types>'
TEXT_KIND = b"application/vnd.oasis.opendocument.text"
LOCKED_ODS = {"META-INF/manifest.xml": "<a><encryption-data/></a>"}
ENTITY = '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;&b;&b;">]><a>&d;</a>'
QUADRATIC = f'<!DOCTYPE a [<!ENTITY b "{"".join(map(str, range(20_000)))}">]><a>{"&b;" * 6_000}</a>'
OUTSIDE = '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>'
FAR = f'{ROW}<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
SHARED = f'<sst xmlns="{MAIN}"><si><t>{"".join(map(str, range(6_600)))}</t></si></sst>'
LONG = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"ab " * 11_000}</t></is></c></row>'
SHOWN = cells(400, 50, "<v>0</v>", ' t="s"')
MERGED = "<mergeCells>" + '<mergeCell ref="A1:BH5000"/>' * 3 + "</mergeCells>"
FULL = "".join(
    f'<row r="{n}"><c><v>{n * 7919}</v></c><c r="BH{n}"><v>{n * 104729}</v></c></row>' for n in range(1, 1001)
)
ENDLESS = "<row>" + "".join(f"<c r='A{n}'>" for n in range(200_000))
FORMULA = '<row r="1"><c r="B1"><f>1+1</f><v></v></c></row>'
ERROR = '<row r="1"><c r="C1" t="e"><v>#N/A</v></c></row>'
ODS_CELL = '<table:table-cell office:value-type="float" office:value="1"'
ODS_ALL = (
    f'<table:table-row table:number-rows-repeated="1048576">{ODS_CELL} table:number-columns-repeated="16384"/>'
    "</table:table-row>"
)
ODS_BLANK = (
    f'<table:table-row>{ODS_CELL}/></table:table-row><table:table-row table:number-rows-repeated="1048575">'
    '<table:table-cell table:style-name="a" table:number-columns-repeated="16384"/></table:table-row>'
)
BLANK_ROWS = "".join(f'<row r="{n}" s="1" customFormat="1"/>' for n in range(2, 600_001))
BLANK_CELLS = "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(2, 600_001))


def liar() -> bytes:
    return said_smaller(part("xl/z.bin", bytes(300 * MB)), "xl/z.bin", 1000)


REFUSED = [
    # what it is, its name, how it is made, what is said of it. Renamed, or of another kind:
    ("csv", "a.csv", lambda: b"a,b", spreadsheet.WRONG_KIND),
    ("exe", "a.exe", lambda: b"MZ", spreadsheet.WRONG_KIND),
    ("no ending", "a", xlsx, spreadsheet.WRONG_KIND),
    ("csv as xlsx", "a.xlsx", lambda: b"a,b", "không phải tệp .xlsx"),
    ("exe as xls", "a.xls", lambda: b"MZ" + bytes(900), "không phải tệp .xls"),
    ("html as xls", "a.xls", lambda: b"<html><table>", "không phải tệp .xls"),
    ("html as xlsx", "a.xlsx", lambda: b"<html>", "không phải tệp .xlsx"),
    ("zip as xlsx", "a.xlsx", lambda: packed({"a.txt": "a"}), "không phải tệp .xlsx"),
    ("docx as xlsx", "a.xlsx", lambda: packed({"word/document.xml": "<a/>"}), "không phải tệp .xlsx"),
    ("xls as xlsx", "a.xlsx", lambda: OLE, "không phải tệp .xlsx"),
    ("xlsx as xls", "a.xls", xlsx, "không phải tệp .xls"),
    ("xlsx as ods", "a.ods", xlsx, "không phải tệp .ods"),
    ("odt as ods", "a.ods", lambda: ods("", mimetype=TEXT_KIND), "không phải tệp .ods"),
    ("empty", "a.xlsx", lambda: b"", "không phải tệp .xlsx"),
    ("broken zip", "a.xlsx", lambda: b"PK\x03\x04" + bytes(100), spreadsheet.DAMAGED),
    ("cut off", "a.xlsx", lambda: xlsx()[:-40], spreadsheet.DAMAGED),
    ("broken ole", "a.xls", lambda: OLE, spreadsheet.DAMAGED),
    ("half a sheet", "a.xlsx", lambda: part("xl/worksheets/s1.xml", "<worksheet><sheetData>"), spreadsheet.DAMAGED),
    # Macros and passwords
    ("xlsm", "a.xlsm", xlsx, spreadsheet.HAS_MACROS),
    ("xlsb", "a.xlsb", xlsx, spreadsheet.HAS_MACROS),
    ("xlsm as xlsx", "a.xlsx", lambda: part("xl/vbaProject.bin", b"x"), spreadsheet.HAS_MACROS),
    ("xlsm without code", "a.xlsx", lambda: part("[Content_Types].xml", MACRO_KIND), spreadsheet.HAS_MACROS),
    ("xls with macros", "a.xls", lambda: OLE + spreadsheet.VBA, spreadsheet.HAS_MACROS),
    ("ods with macros", "a.ods", lambda: ods("", parts={"Basic/a.xml": "<a/>"}), spreadsheet.HAS_MACROS),
    ("encrypted", "a.xlsx", lambda: OLE + spreadsheet.PASSWORD, spreadsheet.HAS_PASSWORD),
    ("locked zip", "a.xlsx", lambda: locked(xlsx()), spreadsheet.HAS_PASSWORD),
    ("encrypted ods", "a.ods", lambda: ods("", parts=LOCKED_ODS), spreadsheet.HAS_PASSWORD),
    # Larger than they look
    ("over 5 MB", "a.xlsx", lambda: b"PK\x03\x04" + bytes(5 * MB), spreadsheet.TOO_LARGE),
    ("31 MB", "a.xlsx", lambda: part("xl/a.bin", bytes(31 * MB)), spreadsheet.SWOLLEN),
    ("52 MB", "a.xlsx", lambda: xlsx(parts={f"xl/{n}.bin": bytes(13 * MB) for n in "abcd"}), spreadsheet.SWOLLEN),
    ("1000 to 1", "a.xlsx", lambda: part("xl/a.bin", bytes(3 * MB)), spreadsheet.SWOLLEN),
    ("300 MB that say 1 KB", "a.xlsx", liar, spreadsheet.SWOLLEN),
    ("201 parts", "a.xlsx", lambda: xlsx(parts={f"xl/{n}.bin": b"a" for n in range(201)}), spreadsheet.SWOLLEN),
    ("an archive inside", "a.xlsx", lambda: part("xl/a.bin", xlsx()), spreadsheet.SWOLLEN),
    ("a zip by name", "a.xlsx", lambda: part("xl/a.zip", b"a"), spreadsheet.SWOLLEN),
    # Declarations
    ("entity", "a.xlsx", lambda: part("xl/workbook.xml", ENTITY), spreadsheet.DAMAGED),
    ("entity in utf-16", "a.xlsx", lambda: part("xl/workbook.xml", ENTITY.encode("utf-16")), spreadsheet.DAMAGED),
    ("quadratic entities", "a.xlsx", lambda: part("xl/worksheets/s1.xml", QUADRATIC), spreadsheet.DAMAGED),
    ("a file from outside", "a.xlsx", lambda: part("xl/worksheets/s1.xml", OUTSIDE), spreadsheet.DAMAGED),
    ("entity in ods", "a.ods", lambda: ods("", parts={"styles.xml": ENTITY}), spreadsheet.DAMAGED),
    # More than a sheet may hold
    ("5001 rows", "a.xlsx", lambda: xlsx(cells(5001, 1)), "dùng đến dòng 5001, cột 1"),
    ("61 columns", "a.xlsx", lambda: xlsx(cells(1, 61)), "dùng đến dòng 1, cột 61"),
    ("51 sheets", "a.xlsx", lambda: xlsx(sheets=51), "51 trang tính"),
    ("all cells of an ods", "a.ods", lambda: ods(ODS_ALL), "dùng đến dòng 1048576, cột 16384"),
    ("a cell far out", "a.xlsx", lambda: xlsx(FAR), "dùng đến dòng 1048576, cột 16384"),
    ("full sheets", "a.xlsx", lambda: xlsx(FULL, sheets=9), "quá nhiều ô"),
    (
        "a text shown 20,000 times",
        "a.xlsx",
        lambda: xlsx(SHOWN, parts={"xl/sharedStrings.xml": SHARED}),
        "quá nhiều ô",
    ),
    ("a text too long", "a.xlsx", lambda: xlsx(LONG), "Ô A1 chứa quá nhiều chữ"),
    ("merged over each other", "a.xlsx", lambda: xlsx(after=MERGED), spreadsheet.DAMAGED),
    ("cells that never end", "a.xlsx", lambda: xlsx(ENDLESS), spreadsheet.DAMAGED),
    # Cells without a value
    ("a formula", "a.xlsx", lambda: xlsx(FORMULA), "chưa có kết quả: B1"),
    ("an error", "a.xlsx", lambda: xlsx(ERROR), "Có ô lỗi"),
]
# Strange, and read all the same: one cell.
READ = [
    ("declares all rows", "a.xlsx", lambda: xlsx(before='<dimension ref="A1:XFD1048576"/>')),
    ("600,000 formatted rows", "a.xlsx", lambda: xlsx(ROW + BLANK_ROWS)),
    ("600,000 formatted cells", "a.xlsx", lambda: xlsx(ROW + BLANK_CELLS)),
    ("all cells of an ods formatted", "a.ods", lambda: ods(ODS_BLANK)),
]
