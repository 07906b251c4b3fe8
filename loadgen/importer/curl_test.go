package importer

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/specfile"
)

func TestFromCurl(t *testing.T) {
	dir := t.TempDir()
	body, pem := filepath.Join(dir, "body"), filepath.Join(dir, "ca.pem")
	for name, text := range map[string]string{body: "a\nb\n", pem: "PEM"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	plain := map[string]string{"Accept": "*/*"}
	with := func(pairs ...string) map[string]string {
		m := map[string]string{"Accept": "*/*"}
		for i := 0; i < len(pairs); i += 2 {
			m[pairs[i]] = pairs[i+1]
		}
		return m
	}
	const form = "application/x-www-form-urlencoded"
	cases := []struct {
		line string
		want loadgen.Spec
	}{
		{`curl http://a/x`, loadgen.Spec{Target: "http://a/x", Method: "GET", Headers: plain}},
		{`curl a.test/x#f`, loadgen.Spec{Target: "http://a.test/x", Method: "GET", Headers: plain}},
		{`curl -sSL -o /dev/null -w '%{http_code}' http://a`, loadgen.Spec{Target: "http://a/", Method: "GET", Headers: plain}},
		{`curl -XDELETE --url http://a`, loadgen.Spec{Target: "http://a/", Method: "DELETE", Headers: plain}},
		{`curl http://a -H 'X-A: 1' -H"x-b:2" -H 'Empty;' -H 'Gone:' -H 'Connection: keep-alive'`, loadgen.Spec{Target: "http://a/", Method: "GET", Headers: with("X-A", "1", "x-b", "2", "Empty", "")}},
		{`curl http://a -d x=1 --data y=2`, loadgen.Spec{Target: "http://a/", Method: "POST", Body: "x=1&y=2", Headers: with("Content-Type", form)}},
		{`curl http://a -d ''`, loadgen.Spec{Target: "http://a/", Method: "POST", Headers: with("Content-Type", form)}},
		{`curl http://a --data-raw '@x' -H 'content-type: text/plain'`, loadgen.Spec{Target: "http://a/", Method: "POST", Body: "@x", Headers: with("content-type", "text/plain")}},
		{`curl http://a --data-binary @` + body, loadgen.Spec{Target: "http://a/", Method: "POST", Body: "a\nb\n", Headers: with("Content-Type", form)}},
		{`curl http://a -X PUT -d@` + body, loadgen.Spec{Target: "http://a/", Method: "PUT", Body: "ab", Headers: with("Content-Type", form)}},
		{`curl http://a --data-urlencode 'q=a b&c' --data-urlencode 'd e'`, loadgen.Spec{Target: "http://a/", Method: "POST", Body: "q=a+b%26c&d+e", Headers: with("Content-Type", form)}},
		{`curl http://a --json '{"a":1}'`, loadgen.Spec{Target: "http://a/", Method: "POST", Body: `{"a":1}`, Headers: map[string]string{"Accept": "application/json", "Content-Type": "application/json"}}},
		{`curl -G 'http://a/?x=1' -d y=2`, loadgen.Spec{Target: "http://a/?x=1&y=2", Method: "GET", Headers: plain}},
		{`curl -I http://a`, loadgen.Spec{Target: "http://a/", Method: "HEAD", Headers: plain}},
		{`curl -u ana:p@ss:x http://a`, loadgen.Spec{Target: "http://a/", Method: "GET", Headers: with("Authorization", "Basic YW5hOnBAc3M6eA==")}},
		{`curl -A me -e http://r -b a=1 -b 'b=2' --compressed http://a`, loadgen.Spec{Target: "http://a/", Method: "GET", Headers: with(
			"User-Agent", "me", "Referer", "http://r", "Cookie", "a=1; b=2", "Accept-Encoding", "deflate, gzip, br, zstd")}},
		{`curl -k --http2 --cacert ` + pem + ` -m 2.5 --resolve a:443:127.0.0.1 https://a`, loadgen.Spec{
			Target: "https://a/", Method: "GET", Headers: plain, HTTP2: true, Timeout: loadgen.Duration(2500 * time.Millisecond),
			Resolve: []string{"a:443:127.0.0.1"}, TLS: loadgen.TLS{CA: "PEM", Insecure: true},
		}},
		{`curl --unix-socket /run/a.sock http://docker/v1/info`, loadgen.Spec{Target: "unix:/run/a.sock:/v1/info", Method: "GET", Headers: with("Host", "docker")}},
		{`curl 'https://a/' -H 'authority: a' --data-raw $'{"t":"it\'s\n"}'`, loadgen.Spec{
			Target: "https://a/", Method: "POST", Body: "{\"t\":\"it's\n\"}", Headers: with("authority", "a", "Content-Type", form),
		}},
	}
	for _, c := range cases {
		t.Run(c.line, func(t *testing.T) {
			c.want.Duration = duration
			got, err := fromCurl(c.line)
			if err != nil || !reflect.DeepEqual(got.Spec, c.want) {
				t.Errorf("%v\ngot  %+v\nwant %+v", err, got.Spec, c.want)
			}
			checkImported(t, got.Spec)
		})
	}
}

func TestFromCurlErrors(t *testing.T) {
	for line, want := range map[string]string{
		"curl":                             "the command has no URL",
		"curl -d x=1":                      "the command has no URL",
		"curl --frobnicate http://a":       `"--frobnicate" is unknown`,
		"curl -s? http://a":                `"-?" is unknown`,
		"curl -F a http://a":               "must be name=value",
		"curl -F 'a=b;charset=x' http://a": "type= or filename=",
		`curl -F 'a="b' http://a`:          "a quote is not closed",
		"curl -F a=@x,y http://a":          "a part can have only one file",
		"curl -F a=b -d c=d http://a":      "only one of these options",
		"curl -T /no/such/file http://a":   "option -T:",
		"curl -T - http://a":               "standard input",
		"curl http://a --next http://b":    "option --next",
		"curl http://a -H":                 "option -H needs a value",
		"curl http://a -H nonsense":        "must be \"Name: value\"",
		"curl http://a http://b":           "there must be one URL",
		"curl http://a -m soon":            "option -m:",
		"curl http://a -d @/no/such/file":  "option -d:",
		"curl http://a -d @-":              "standard input",
		"curl http://a -b jar.txt":         "cookies cannot be read from a file",
		"curl ftp://a":                     "target",
		"curl 'http://a' -H 'X: a\rb'":     "is not a valid header value",
		strings.Repeat(" ", maxCurl+1):     "at most",
	} {
		if _, err := fromCurl(line); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60s: %v, want %s", line, err, want)
		}
	}
}

// checkImported checks that an imported spec is valid and can be written to a spec file and read back.
func checkImported(t *testing.T, spec loadgen.Spec) {
	t.Helper()
	if err := spec.WithDefaults().Validate(); err != nil {
		t.Fatal(err)
	}
	text, err := specfile.Marshal(spec)
	if err != nil {
		t.Fatal(err)
	}
	back, err := specfile.Parse("", text)
	if err != nil || !reflect.DeepEqual(spec, back) {
		t.Fatalf("%v\nspec %+v\nread %+v\nfrom\n%s", err, spec, back, text)
	}
}

func FuzzFromCurl(f *testing.F) {
	f.Add(`curl -X POST -H 'A: b' -d $'x\n' --compressed -u a:b https://a/x?y -m 3`)
	f.Add(`curl -G -k --json '{"a":[1]}' "http://a/{{seq}}" -b c=d --http2`)
	f.Add(`curl -F a=b -F 'c="d\"";type=x/y;filename=e' --form-string f=g http://a/`)
	f.Fuzz(func(t *testing.T, line string) {
		words, _, _ := shellWords(line)
		if strings.ContainsAny(line, "@<") || slices.ContainsFunc(words, func(w string) bool {
			return strings.HasPrefix(w, "-") && (strings.Contains(w, "T") || strings.Contains(w, "upload"))
		}) {
			return // no files
		}
		if i, err := fromCurl(line); err == nil {
			checkImported(t, i.Spec)
		}
	})
}
