// Writes names_icu.csv: synthetic Vietnamese names with their place in ICU's `vi` order. Run: node make_names_icu.mjs
//
// rank  given name, then family name, then middle names, each compared by ICU without regard to case; ties share a
//       rank. The tone of open oa, oe, uy (not after q) is first moved to the second vowel, so that hòa ties with hoà.
// raw   the same without that step: ICU sees hoà and hòa as two words with tones in different places.

import { writeFileSync } from "node:fs";

const families = [
  "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương",
  "Lý", "Đào", "Đoàn", "Đinh", "Lương", "Tạ", "Tô", "Tống", "Mai", "Âu", "An", "Ưng", "Uông", "Đồng", "Doãn",
];
const middles = [
  "", "Văn", "Thị", "Thi", "Đức", "Hữu", "Thị Thu", "Thị Thúy", "Thị Thuý", "Thị Thùy", "Thi An", "Thị An", "Thị Ân",
  "Ngọc", "Ngọc Ánh", "Ngọc Anh", "Minh", "Quốc", "Quang", "Xuân", "Đình", "Bá", "Công", "Hoà", "Hòa", "Thị Hòa",
  "Thị Hoà An", "Thị Hòa Ân", "Diệu", "Dieu",
];
const givens = [
  "An", "Ân", "Ấn", "Ẩn", "Ánh", "Anh", "Ảnh", "Ăn", "Bảo", "Bão", "Bạo", "Báo", "Cường", "Cương", "Dung", "Dũng",
  "Dụng", "Đào", "Dao", "Đạo", "Đảo", "Dương", "Đường", "Đương", "Đức", "Duc", "Giang", "Hà", "Hạ", "Ha", "Há", "Hả",
  "Hã", "Hòa", "Hoà", "Hóa", "Hoá", "Hoa", "Họa", "Hoạ", "Hoan", "Hoàn", "Hoạn", "Hoàng", "Hoành", "Huy", "Hùng",
  "Hưng", "Khỏe", "Khoẻ", "Khoe", "Lê", "Le", "Lệ", "Linh", "Lĩnh", "Long", "Lông", "Ly", "Lý", "Ma", "Mã", "Mai",
  "Mỹ", "Nga", "Ngà", "Ngân", "Ngần", "Oanh", "Ơn", "Ôn", "On", "Phương", "Phượng", "Phường", "Quý", "Quy", "Quỳ",
  "Quỳnh", "Sơn", "Son", "Sôn", "Thủy", "Thuỷ", "Thúy", "Thuý", "Thùy", "Thuỳ", "Thụy", "Thuỵ", "Thuy", "Toàn",
  "Toán", "Toan", "Tu", "Tú", "Tư", "Từ", "Tứ", "Tử", "Tự", "Uyên", "Ước", "Vân", "Văn", "Van", "Xuyến", "Ý", "Yên",
  "Yến",
];

// A fixed sequence, so that the file can be made again byte for byte.
let state = 20250701;
const pick = (list) => {
  state = (state * 48271) % 2147483647;
  return list[state % list.length];
};

const names = new Set(["Bình", "Bính", "Hòa", "Hoà", "NGUYỄN VĂN AN", "Nguyễn Văn An", "đào thị hoà", "Đào Thị Hòa"]);
for (const given of givens) {
  for (let i = 0; i < 8; i++) names.add([pick(families), pick(middles), given].filter(Boolean).join(" "));
}
for (const middle of middles) names.add(["Nguyễn", middle, "Dung"].filter(Boolean).join(" "));
for (const family of families) names.add(`${family} Văn Dung`);

const vi = new Intl.Collator("vi", { sensitivity: "accent" });
const early = /(?:(?<=o)([\u0300\u0301\u0303\u0309\u0323])([ae])|(?<!qu)(?<=u)([\u0300\u0301\u0303\u0309\u0323])(y))(?=\s|$)/giu;
const newerPlace = (text) =>
  text.normalize("NFD").replace(early, (_, oTone, oVowel, uTone, uVowel) => (oVowel ?? uVowel) + (oTone ?? uTone)).normalize("NFC");

function parts(name) {
  const words = name.split(" ");
  return words.length === 1 ? [name, "", ""] : [words.at(-1), words[0], words.slice(1, -1).join(" ")];
}
function compare(a, b) {
  const [left, right] = [parts(a), parts(b)];
  return vi.compare(left[0], right[0]) || vi.compare(left[1], right[1]) || vi.compare(left[2], right[2]);
}
function ranks(spell) {
  const sorted = [...names].sort((a, b) => compare(spell(a), spell(b)));
  const result = new Map();
  let rank = 0;
  sorted.forEach((name, i) => {
    if (i > 0 && compare(spell(sorted[i - 1]), spell(name)) !== 0) rank += 1;
    result.set(name, rank);
  });
  return result;
}

const folded = ranks(newerPlace);
const raw = ranks((name) => name);
const rows = [...names].map((name) => `${name},${folded.get(name)},${raw.get(name)}`);
writeFileSync(new URL("names_icu.csv", import.meta.url), ["name,rank,raw", ...rows, ""].join("\n"));
console.log(`${names.size} names, ICU ${process.versions.icu}`);
