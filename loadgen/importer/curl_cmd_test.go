package importer

import (
	"reflect"
	"strings"
	"testing"
)

func TestCmdWords(t *testing.T) {
	for _, c := range []struct {
		line string
		want []string
	}{
		{ // as copied by Chrome
			"curl ^\"https://a/x?q=1^&r=^%^20^\" ^\r\n  -H ^\"accept: */*^\" ^\r\n  --data-raw ^\"^{^\\^\"a^\\^\":^\\^\"b c^\\^\"^}^\"",
			[]string{"https://a/x?q=1&r=%20", "-H", "accept: */*", "--data-raw", `{"a":"b c"}`},
		},
		{"curl \"https://a\" ^\n  -H \"a: b\\\\\" ^\n  --data-raw \"x=1&y=\\\"2\\\"\"", []string{"https://a", "-H", `a: b\`, "--data-raw", `x=1&y="2"`}},
		{"curl ^\"a^\n\nb^\"", []string{"a\nb"}},
		{`curl ^"a^^b^" "c""d" \\x`, []string{"a^b", `c"d`, `\\x`}},
		{`curl ^"https://a/^%^E2^%^80^%^99^" "https://a/%E2%80%99"`, []string{"https://a/%E2%80%99", "https://a/%E2%80%99"}},
	} {
		if got, _, err := commandWords(c.line); err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s:\n got %q %v\nwant %q", c.line, got, err, c.want)
		}
	}
	for line, want := range map[string]string{
		`curl ^"a`: "quote is not closed", `curl ^"a^" | curl b`: "sends another request", `curl ^"a^" < f`: "standard input",
	} {
		if _, _, err := commandWords(line); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", line, err, want)
		}
	}
}
