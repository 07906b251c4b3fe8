package expr

import (
	"fmt"
	"strings"
	"testing"
)

func TestLex(t *testing.T) {
	for text, want := range map[string]string{
		"":                         "",
		"a<=b":                     "a <= b",
		"a<==b":                    "a <= unexpected",
		"!a!=b":                    "! a != b",
		"accounts.user_1 == 250ms": "accounts.user_1 == 250",
		"1.5s+.5":                  "1500 + unexpected",
		"2h":                       "7.2e+06",
		`"it's" + 'say "x"'`:       `"it's" + "say \"x\""`,
		`'a\'b\\c\n'`:              `"a'b\\c\\n"`,
		"\ta\n[ -1 ]\r":            "a [ - 1 ]",
		"'open":                    "without its closing quote",
		"12kg":                     "neither a number",
		"1.2.3":                    "neither a number",
		"a & b":                    "unexpected",
		"é":                        "unexpected",
	} {
		var got []string
		tokens, err := lex(text)
		for _, token := range tokens {
			switch token.kind {
			case tokenNumber:
				got = append(got, fmt.Sprint(token.number))
			case tokenText:
				got = append(got, fmt.Sprintf("%q", token.text))
			case tokenName, tokenOperator:
				got = append(got, token.text)
			}
			if token.kind == tokenName && !strings.HasPrefix(text[token.at:], token.text) {
				t.Errorf("%q: %s at %d", text, token.text, token.at)
			}
		}
		if err != nil {
			if last := want[strings.LastIndex(want, " ")+1:]; !strings.Contains(err.Error(), last) {
				t.Errorf("%q: %v, want %s", text, err, want)
			}
			continue
		}
		if strings.Join(got, " ") != want || tokens[len(tokens)-1].kind != tokenEnd {
			t.Errorf("%q: %s, want %s", text, strings.Join(got, " "), want)
		}
	}
}
