package mssql_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/sqlayer-go/sqlayer/dialect"
	"github.com/sqlayer-go/sqlayer/dialect/mssql"
)

// What a VARCHAR would turn into another character, or cut, is refused where
// the column's collation is known.
func TestTextOutsideTheCodePage(t *testing.T) {
	const fits = dialect.Kind(0)
	for _, tc := range []struct {
		database, typ, collation, text string
		want                           dialect.Kind
	}{
		{"Latin1_General_CI_AS", "varchar(20)", "", "Grüße für 5 €", fits},
		{"Latin1_General_CI_AS", "varchar(20)", "", "Москва", dialect.ErrInvalidText},
		{"Latin1_General_CI_AS", "VARCHAR(max)", "", "Ā", dialect.ErrInvalidText}, // which would become A
		{"Latin1_General_CI_AS", "char(9)", "", "日本", dialect.ErrInvalidText},
		{"Latin1_General_CI_AS", "text", "", "😀", dialect.ErrInvalidText},
		{"SQL_Latin1_General_CP1_CI_AS", "varchar(20)", "", "œuvre", fits},
		{"SQL_Latin1_General_CP1_CI_AS", "varchar(20)", "", "őr", dialect.ErrInvalidText},
		{"SQL_Latin1_General_CP850_BIN2", "varchar(20)", "", "é█", fits},
		{"SQL_Latin1_General_CP850_BIN2", "varchar(20)", "", "€", dialect.ErrInvalidText},
		{"SQL_Latin1_General_CP1251_CI_AS", "varchar(20)", "", "Москва", fits},
		{"Latin1_General_CI_AS", "varchar(20)", "Cyrillic_General_100_CI_AS", "Москва", fits},
		{"Latin1_General_CI_AS", "varchar(20) COLLATE Greek_CI_AS NOT NULL", "", "Αθήνα", fits},
		{"Latin1_General_CI_AS", "varchar(20) COLLATE Greek_CI_AS NOT NULL", "", "Grüße", dialect.ErrInvalidText},
		{"Serbian_Latin_100_CI_AS", "varchar(20)", "", "đak", fits},
		{"Serbian_Cyrillic_100_CI_AS", "varchar(20)", "", "đak", dialect.ErrInvalidText},
		{"Chinese_Hong_Kong_Stroke_90_CI_AS", "varchar(20)", "", "臺灣", fits},
		{"Chinese_Taiwan_Stroke_CI_AS", "varchar(9)", "", "香港倩 €", fits},
		{"Chinese_Taiwan_Stroke_CI_AS", "varchar(20)", "", "ひ", dialect.ErrInvalidText}, // of the Hong Kong supplement
		{"Chinese_Taiwan_Stroke_CI_AS", "varchar(20)", "", "䒑", dialect.ErrInvalidText}, // likewise
		{"Chinese_PRC_CI_AS", "varchar(20)", "", "日本語", fits},
		{"Chinese_PRC_CI_AS", "varchar(20)", "", "\u2ff0", dialect.ErrInvalidText}, // of GB 18030 alone
		{"Chinese_PRC_CI_AS", "varchar(5)", "", "日本語", dialect.ErrTooLong},         // two bytes each
		{"Japanese_XJIS_140_CI_AS", "varchar(6)", "", "日本語", fits},
		{"Japanese_XJIS_140_CI_AS", "varchar(3)", "", "ｱｲｳ", fits}, // of half the width
		{"Japanese_XJIS_140_CI_AS", "varchar(20)", "", "서울", dialect.ErrInvalidText},
		{"Japanese_XJIS_140_CI_AS", "varchar(20)", "", "5 ¢", dialect.ErrInvalidText}, // would become one of full width
		{"Korean_Wansung_CI_AS", "varchar(20)", "", "서울", fits},
		{"Korean_Wansung_CI_AS", "varchar(20)", "", "😀", dialect.ErrInvalidText},
		{"Latin1_General_100_CI_AS_SC_UTF8", "varchar(20)", "", "日本 😀 Москва", dialect.ErrTooLong},
		{"Latin1_General_100_CI_AS_SC_UTF8", "varchar(30)", "", "日本 😀 Москва", fits},
		{"Latin1_General_CI_AS", "varchar(3)", "", "abcd", dialect.ErrTooLong},
		{"Latin1_General_CI_AS", "varchar(max)", "", "abcd", fits},
		{"", "varchar(20)", "", "Москва", fits}, // nobody knows
		{"", "varchar(20)", "Own_CI_AS", "Москва", fits},
		{"Latin1_General_CI_AS", "nvarchar(20)", "", "Москва", fits},
		{"Latin1_General_CI_AS", "sysname", "", "Москва", fits},
		{"Latin1_General_CI_AS", "xml", "", "<a>Москва</a>", fits},
	} {
		d := mssql.Dialect()
		if tc.database != "" {
			d = mssql.Dialect(mssql.Collation(tc.database))
		}
		typ := &dialect.Type{Kind: dialect.Native, Name: tc.typ, Collation: tc.collation}
		for _, v := range []any{tc.text, []byte(tc.text), named(tc.text)} {
			a := dialect.Arg{Value: v, Type: typ, Column: "city"}
			err := dialect.NewWriter(d).Check(&a)
			switch {
			case tc.want == fits && err != nil:
				t.Errorf("%s, %s: %q is refused: %v", tc.database, tc.typ, tc.text, err)
			case tc.want != fits && (!errors.Is(err, tc.want) || !strings.Contains(err.Error(), `column "city"`)):
				t.Errorf("%s, %s: %q: %v", tc.database, tc.typ, tc.text, err)
			}
		}
		a := dialect.Arg{Value: tc.text, Type: typ} // only compared
		if err := dialect.NewWriter(d).Check(&a); err != nil {
			t.Errorf("%s, %s: no row has %q, and asking for it is an error: %v", tc.database, tc.typ, tc.text, err)
		}
	}
}

type named string
