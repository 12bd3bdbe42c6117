package mssql

import (
	"bytes"
	"compress/zlib"
	_ "embed"
	"io"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

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

// singles are the characters beyond ASCII of the code pages of one byte, with
// the control characters that stand for bytes without one.
var singles = map[int]string{
	1250: "\u0081\u0083\u0088\u0090\u0098\u00A0¤¦§¨©«¬\u00AD®°±´µ¶·¸»ÁÂÄÇÉËÍÎÓÔÖ×ÚÜÝßáâäçéëíîóôö÷úüýĂăĄąĆćČčĎďĐđĘęĚěĹĺĽľŁłŃńŇňŐőŔŕŘřŚśŞşŠšŢţŤťŮůŰűŹźŻżŽžˇ˘˙˛˝–—‘’‚“”„†‡•…‰‹›€™",
	1251: "\u0098\u00A0¤¦§©«¬\u00AD®°±µ¶·»ЁЂЃЄЅІЇЈЉЊЋЌЎЏАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщъыьэюяёђѓєѕіїјљњћќўџҐґ–—‘’‚“”„†‡•…‰‹›€№™",
	1252: "\u0081\u008D\u008F\u0090\u009D\u00A0¡¢£¤¥¦§¨©ª«¬\u00AD®¯°±²³´µ¶·¸¹º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™",
	1253: "\u0081\u0088\u008A\u008C\u008D\u008E\u008F\u0090\u0098\u009A\u009C\u009D\u009E\u009F\u00A0£¤¥¦§¨©«¬\u00AD®°±²³µ¶·»½ƒ΄΅ΆΈΉΊΌΎΏΐΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΪΫάέήίΰαβγδεζηθικλμνξοπρςστυφχψωϊϋόύώ–—―‘’‚“”„†‡•…‰‹›€™",
	1254: "\u0081\u008D\u008E\u008F\u0090\u009D\u009E\u00A0¡¢£¤¥¦§¨©ª«¬\u00AD®¯°±²³´µ¶·¸¹º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖ×ØÙÚÛÜßàáâãäåæçèéêëìíîïñòóôõö÷øùúûüÿĞğİıŒœŞşŠšŸƒˆ˜–—‘’‚“”„†‡•…‰‹›€™",
	1255: "\u0081\u008A\u008C\u008D\u008E\u008F\u0090\u009A\u009C\u009D\u009E\u009F\u00A0¡¢£¥¦§¨©«¬\u00AD®¯°±²³´µ¶·¸¹»¼½¾¿×÷ƒˆ˜\u05B0\u05B1\u05B2\u05B3\u05B4\u05B5\u05B6\u05B7\u05B8\u05B9\u05BB\u05BC\u05BD\u05BE\u05BF\u05C0\u05C1\u05C2\u05C3\u05D0\u05D1\u05D2\u05D3\u05D4\u05D5\u05D6\u05D7\u05D8\u05D9\u05DA\u05DB\u05DC\u05DD\u05DE\u05DF\u05E0\u05E1\u05E2\u05E3\u05E4\u05E5\u05E6\u05E7\u05E8\u05E9\u05EA\u05F0\u05F1\u05F2\u05F3\u05F4\u200E\u200F–—‘’‚“”„†‡•…‰‹›₪€™",
	1256: "\u00A0¢£¤¥¦§¨©«¬\u00AD®¯°±²³´µ¶·¸¹»¼½¾×àâçèéêëîïô÷ùûüŒœƒˆ\u060C\u061B\u061F\u0621\u0622\u0623\u0624\u0625\u0626\u0627\u0628\u0629\u062A\u062B\u062C\u062D\u062E\u062F\u0630\u0631\u0632\u0633\u0634\u0635\u0636\u0637\u0638\u0639\u063A\u0640\u0641\u0642\u0643\u0644\u0645\u0646\u0647\u0648\u0649\u064A\u064B\u064C\u064D\u064E\u064F\u0650\u0651\u0652\u0679\u067E\u0686\u0688\u0691\u0698\u06A9\u06AF\u06BA\u06BE\u06C1\u06D2\u200C\u200D\u200E\u200F–—‘’‚“”„†‡•…‰‹›€™",
	1257: "\u0081\u0083\u0088\u008A\u008C\u0090\u0098\u009A\u009C\u009F\u00A0¢£¤¦§¨©«¬\u00AD®¯°±²³´µ¶·¸¹»¼½¾ÄÅÆÉÓÕÖ×ØÜßäåæéóõö÷øüĀāĄąĆćČčĒēĖėĘęĢģĪīĮįĶķĻļŁłŃńŅņŌōŖŗŚśŠšŪūŲųŹźŻżŽžˇ˙˛–—‘’‚“”„†‡•…‰‹›€™",
	1258: "\u0081\u008A\u008D\u008E\u008F\u0090\u009A\u009D\u009E\u00A0¡¢£¤¥¦§¨©ª«¬\u00AD®¯°±²³´µ¶·¸¹º»¼½¾¿ÀÁÂÄÅÆÇÈÉÊËÍÎÏÑÓÔÖ×ØÙÚÛÜßàáâäåæçèéêëíîïñóôö÷øùúûüÿĂăĐđŒœŸƒƠơƯưˆ˜\u0300\u0301\u0303\u0309\u0323–—‘’‚“”„†‡•…‰‹›₫€™",
	874:  "\u0081\u0082\u0083\u0084\u0086\u0087\u0088\u0089\u008A\u008B\u008C\u008D\u008E\u008F\u0090\u0098\u0099\u009A\u009B\u009C\u009D\u009E\u009F\u00A0\u0E01\u0E02\u0E03\u0E04\u0E05\u0E06\u0E07\u0E08\u0E09\u0E0A\u0E0B\u0E0C\u0E0D\u0E0E\u0E0F\u0E10\u0E11\u0E12\u0E13\u0E14\u0E15\u0E16\u0E17\u0E18\u0E19\u0E1A\u0E1B\u0E1C\u0E1D\u0E1E\u0E1F\u0E20\u0E21\u0E22\u0E23\u0E24\u0E25\u0E26\u0E27\u0E28\u0E29\u0E2A\u0E2B\u0E2C\u0E2D\u0E2E\u0E2F\u0E30\u0E31\u0E32\u0E33\u0E34\u0E35\u0E36\u0E37\u0E38\u0E39\u0E3A\u0E3F\u0E40\u0E41\u0E42\u0E43\u0E44\u0E45\u0E46\u0E47\u0E48\u0E49\u0E4A\u0E4B\u0E4C\u0E4D\u0E4E\u0E4F\u0E50\u0E51\u0E52\u0E53\u0E54\u0E55\u0E56\u0E57\u0E58\u0E59\u0E5A\u0E5B–—‘’“”•…€",
	437:  "\u00A0¡¢£¥ª«¬°±²µ·º»¼½¿ÄÅÆÇÉÑÖÜßàáâäåæçèéêëìíîïñòóôö÷ùúûüÿƒΓΘΣΦΩαδεπστφⁿ₧∙√∞∩≈≡≤≥⌐⌠⌡─│┌┐└┘├┤┬┴┼═║╒╓╔╕╖╗╘╙╚╛╜╝╞╟╠╡╢╣╤╥╦╧╨╩╪╫╬▀▄█▌▐░▒▓■",
	850:  "\u00A0¡¢£¤¥¦§¨©ª«¬\u00AD®¯°±²³´µ¶·¸¹º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿıƒ‗─│┌┐└┘├┤┬┴┼═║╔╗╚╝╠╣╦╩╬▀▄█░▒▓■",
}

// doubles has a bit for each character up to U+FFFF that the code pages 932,
// 936, 949 and 950 have, in this order, compressed.
//
//go:embed doublebyte.z
var doubles []byte

var doublePages = sync.OnceValue(func() []byte {
	r, err := zlib.NewReader(bytes.NewReader(doubles))
	if err != nil {
		panic(err) // part of the program
	}
	bits, err := io.ReadAll(r)
	if err != nil {
		panic(err)
	}
	return bits
})

var doubleOrder = map[int]int{932: 0, 936: 1, 949: 2, 950: 3}

// holds reports whether a code page has a character. One that is not known has
// all.
func holds(page int, r rune) bool {
	if r < 0x80 {
		return true
	}
	if at, ok := doubleOrder[page]; ok {
		return r <= 0xFFFF && doublePages()[at<<13+int(r>>3)]&(1<<(r&7)) != 0
	}
	chars, ok := singles[page]
	return !ok || strings.ContainsRune(chars, r)
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
		if !holds(page, r) {
			return dialect.ErrInvalidText, "the column's code page " + strconv.Itoa(page) + " has no " + strconv.QuoteRune(r) +
				", which would become another character; use a column of nvarchar, or a collation that ends in _UTF8"
		}
		bytes += width(page, r)
	}
	if most > 0 && bytes > most {
		return dialect.ErrTooLong, strconv.Itoa(bytes) + " bytes in the column's code page are longer than " + t.Name
	}
	return 0, ""
}

// width is how many bytes a character beyond ASCII has in a code page.
func width(page int, r rune) int {
	switch {
	case page == unicodePage:
		return utf8.RuneLen(r)
	case page == 932 && 0xFF61 <= r && r <= 0xFF9F: // half the width of others
		return 1
	}
	if _, ok := doubleOrder[page]; ok {
		return 2
	}
	return 1
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
