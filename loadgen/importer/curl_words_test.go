package importer

import (
	"reflect"
	"strings"
	"testing"
)

func TestShellWords(t *testing.T) {
	for _, c := range []struct {
		line string
		want []string
	}{
		{`curl a  b`, []string{"a", "b"}},
		{`/usr/bin/curl a`, []string{"a"}}, {`curl.exe a`, []string{"a"}}, {"$ curl a", []string{"a"}}, {"-X POST a", []string{"-X", "POST", "a"}},
		{"curl \\\n  -X \\\r\n POST", []string{"-X", "POST"}},
		{`'a b' "c \"d\" \n \$x" e\ f`, []string{"a b", `c "d" \n $x`, "e f"}},
		{`'' "" x''y`, []string{"", "", "xy"}},
		{`$'a\nb\t\'\\ \x41\u00e9\U0001F600\101\z\xff'`, []string{"a\nb\t'\\ Aé😀A\\z\xff"}},
		{`--data='a'"b"c`, []string{"--data=abc"}},
		{"a\u00a0b http://a/?x=1&y=2", []string{"a\u00a0b", "http://a/?x=1&y=2"}},
		{`\é`, []string{"é"}}, {`'$TOKEN' '{a,b}' "5 $" a$ "{a,b}" {x} \$y`, []string{"$TOKEN", "{a,b}", "5 $", "a$", "{a,b}", "{x}", "$y"}},
		{"curl a # it doesn't matter\n -d b#c", []string{"a", "-d", "b#c"}},
		{"", nil},
	} {
		if got, _, err := commandWords(c.line); err != nil || !reflect.DeepEqual(got, c.want) && len(got)+len(c.want) > 0 {
			t.Errorf("%s: %q %v, want %q", c.line, got, err, c.want)
		}
	}
}

func TestShellExpansionsAreErrors(t *testing.T) {
	for line, want := range map[string]string{
		`'a`: "quote is not closed", `"a`: "quote is not closed", `$'a`: "quote is not closed", `curl a | curl b`: "sends another request", `a >`: "without a file", `a <<< b`: "standard input",
		`a > x && wget b`: "sends another request", `a <(b)`: "without a file", `(a)`: "outside quotes", `curl $'\0'`: "zero byte",
		`"${X:-1}"`: "${X:-1}: a shell would expand it", `$(cat f)`: "$(cat f): ", "\"`date`\"": "`date`: ",
		`"$1"`: "$1: ", `-d {a,b}`: "several words", `x{1..3}`: "several words",
		"wget http://a/": `curl: "wget": must be a curl command`, "http POST a.test": `curl: "http": must be a curl command`,
		"Invoke-WebRequest -Uri a": "PowerShell", `fetch("https://a")`: "outside quotes",
	} {
		if got, _, err := commandWords(line); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %q, %v, want %s", line, got, err, want)
		}
	}
}
