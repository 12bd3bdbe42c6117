package mssql

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"github.com/sqlayer-go/sqlayer/dialect"
)

// unicodePage is the code page of the collations that end in _UTF8.
const unicodePage = 65001

// designators are the words that the names of Windows collations begin with,
// and their code pages (Transact-SQL, Windows Collation Name; the property
// CodePage of COLLATIONPROPERTY). Those without a code page are for NVARCHAR
// alone, and are left out.
var designators = func() map[string]int {
	m := map[string]int{}
	for page, words := range map[int]string{
		874:  "thai",
		932:  "japanese",
		936:  "chinese_prc chinese_simplified",
		949:  "korean",
		950:  "chinese_hong_kong chinese_taiwan chinese_traditional",
		1250: "albanian bosnian_latin croatian czech hungarian polish romanian serbian_latin slovak slovenian turkmen",
		1251: "azeri_cyrillic bashkir bosnian_cyrillic cyrillic kazakh macedonian serbian_cyrillic tatar ukrainian yakut",
		1252: "breton corsican danish finnish french frisian georgian german icelandic latin1 mapudungan modern_spanish mohawk " +
			"norwegian romansh sami tamazight traditional_spanish upper_sorbian welsh",
		1253: "greek",
		1254: "azeri_latin turkish uzbek_latin",
		1255: "hebrew",
		1256: "arabic dari persian uighur urdu",
		1257: "estonian latvian lithuanian",
		1258: "vietnamese",
	} {
		for _, w := range strings.Fields(words) {
			m[w] = page
		}
	}
	return m
}()

// pageOf is the code page in which a collation keeps VARCHAR; 0 where it is
// not known.
func pageOf(collation string) int {
	lower := strings.ToLower(collation)
	if strings.HasSuffix(lower, "_utf8") {
		return unicodePage
	}
	if rest, ok := strings.CutPrefix(lower, "sql_"); ok {
		_, number, _ := strings.Cut(rest, "_cp")
		number, _, _ = strings.Cut(number, "_")
		page, err := strconv.Atoi(number)
		switch {
		case err != nil:
			return 0
		case page == 1: // as the names have it
			return 1252
		}
		return page
	}
	first, rest, _ := strings.Cut(lower, "_")
	second, _, _ := strings.Cut(rest, "_")
	if second == "hong" {
		second = "hong_kong"
	}
	if page := designators[first+"_"+second]; page != 0 {
		return page
	}
	return designators[first]
}

// singles are the code pages of one byte.
var singles = map[int]*charmap.Charmap{
	437: charmap.CodePage437, 850: charmap.CodePage850, 874: charmap.Windows874,
	1250: charmap.Windows1250, 1251: charmap.Windows1251, 1252: charmap.Windows1252,
	1253: charmap.Windows1253, 1254: charmap.Windows1254, 1255: charmap.Windows1255,
	1256: charmap.Windows1256, 1257: charmap.Windows1257, 1258: charmap.Windows1258,
}

// double is a code page of one and two bytes: an encoding, and the rows of it
// that the code page lacks, which came after it: those of GB 18030 in 936, of
// the Hong Kong supplement and of the control pictures in 950 (Unicode,
// Vendor mappings, CP936.TXT and CP950.TXT).
type double struct {
	encoding encoding.Encoding
	lacks    [][2]uint16
	also     string // characters of the code page that the encoding writes in such a row
}

var doubles = map[int]double{
	932: {encoding: japanese.ShiftJIS},
	936: {encoding: simplifiedchinese.GBK, lacks: [][2]uint16{{0xA8BF, 0xA8BF}, {0xA989, 0xA995}, {0xFE50, 0xFEFF}}},
	949: {encoding: korean.EUCKR},
	950: {encoding: traditionalchinese.Big5, lacks: [][2]uint16{{0x8140, 0xA0FF}, {0xA3C0, 0xA3E0}, {0xC6A1, 0xC8FF}, {0xF9FE, 0xFEFF}},
		also: "倩偽包卄卿婷幵彘撐晴杞沜渝港煮瑜瓩砉"},
}

// width is how many bytes a character beyond ASCII has in a code page: 0 where
// the page lacks it, and one where nobody knows the page.
func width(page int, r rune) int {
	if page == unicodePage {
		return utf8.RuneLen(r)
	}
	if m, ok := singles[page]; ok {
		if _, held := m.EncodeRune(r); !held {
			return 0
		}
		return 1
	}
	d, ok := doubles[page]
	if !ok {
		return 1
	}
	var to, from [utf8.UTFMax]byte
	n, _, err := d.encoding.NewEncoder().Transform(to[:], utf8.AppendRune(from[:0], r), true)
	if err != nil {
		return 0
	}
	if n == 2 && !strings.ContainsRune(d.also, r) {
		code := uint16(to[0])<<8 | uint16(to[1])
		for _, rows := range d.lacks {
			if rows[0] <= code && code <= rows[1] {
				return 0
			}
		}
	}
	return n
}

var _ dialect.TextChecker = (*sqlServer)(nil)

// CheckText finds a character that a VARCHAR, CHAR or TEXT cannot keep, and
// would without an error turn into another one or a question mark, and text
// that is too long for it. It does so for columns whose collation is known, by
// their type or as the database's.
func (d *sqlServer) CheckText(t *dialect.Type, s string) (dialect.Kind, string) {
	i := 0
	for i < len(s) && s[i] < utf8.RuneSelf {
		i++
	}
	name, most := nativeName(t.Name)
	switch name {
	case "VARCHAR", "CHAR", "TEXT":
	default:
		return 0, ""
	}
	page := d.page
	if c := collationOf(t); c != "" {
		page = pageOf(c)
	}
	if page == 0 && i < len(s) {
		return 0, ""
	}
	bytes := i
	for _, r := range s[i:] {
		n := width(page, r)
		if n == 0 {
			return dialect.ErrInvalidText, "the column's code page " + strconv.Itoa(page) + " has no " + strconv.QuoteRune(r) +
				", which would become another character; use a column of nvarchar, or a collation that ends in _UTF8"
		}
		bytes += n
	}
	if most > 0 && bytes > most {
		return dialect.ErrTooLong, strconv.Itoa(bytes) + " bytes in the column's code page are longer than " + t.Name
	}
	return 0, ""
}

// collationOf is the collation of a type, which may be part of its name; empty
// where it has none of its own.
func collationOf(t *dialect.Type) string {
	if t.Collation != "" {
		return t.Collation
	}
	words := strings.Fields(t.Name)
	for i, w := range words {
		if i+1 < len(words) && strings.EqualFold(w, "COLLATE") {
			return words[i+1]
		}
	}
	return ""
}
