package script

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"landfall/loadgen"
	"landfall/loadgen/field"
	"landfall/loadgen/http2"
	"landfall/loadgen/template"
)

func compiledScript(t *testing.T, spec loadgen.Spec, o Options) *Script {
	t.Helper()
	s, err := Compile(spec.WithDefaults(), o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestConstantRequest(t *testing.T) {
	cases := []struct {
		name string
		spec loadgen.Spec
		want string
	}{
		{"plain", loadgen.Spec{Target: "http://127.0.0.1:8080"}, "GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: landfall/1.0\r\n\r\n"},
		{"query, fragment, port", loadgen.Spec{Target: "https://a.test:443/x%20y?q=1#f"}, "GET /x%20y?q=1 HTTP/1.1\r\nHost: a.test\r\nUser-Agent: landfall/1.0\r\n\r\n"},
		{
			"body and headers in order",
			loadgen.Spec{Target: "http://a/", Body: "héllo", Headers: map[string]string{"X-B": "2", "X-A": "1", "content-length": "9"}},
			"POST / HTTP/1.1\r\nHost: a\r\nUser-Agent: landfall/1.0\r\nX-A: 1\r\nX-B: 2\r\nContent-Length: 6\r\n\r\nhéllo",
		},
		{"empty body", loadgen.Spec{Target: "http://a/", Method: "PUT"}, "PUT / HTTP/1.1\r\nHost: a\r\nUser-Agent: landfall/1.0\r\nContent-Length: 0\r\n\r\n"},
		{"user", loadgen.Spec{Target: "http://ana:p%40ss@a/"}, "GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: landfall/1.0\r\nAuthorization: Basic YW5hOnBAc3M=\r\n\r\n"},
		{
			"given headers replace default ones",
			loadgen.Spec{Target: "http://u:p@a/", Headers: map[string]string{"host": "b", "USER-AGENT": "me", "authorization": "Bearer x"}},
			"GET / HTTP/1.1\r\nHost: b\r\nUser-Agent: me\r\nAuthorization: Bearer x\r\n\r\n",
		},
		{"no keepalive", loadgen.Spec{Target: "http://a/", NoKeepalive: true}, "GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: landfall/1.0\r\nConnection: close\r\n\r\n"},
		{"unix", loadgen.Spec{Target: "unix:/run/a.sock:/v1/ping"}, "GET /v1/ping HTTP/1.1\r\nHost: localhost\r\nUser-Agent: landfall/1.0\r\n\r\n"},
		{"unix without a path", loadgen.Spec{Target: "unix:/run/a.sock"}, "GET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: landfall/1.0\r\n\r\n"},
		{"node", loadgen.Spec{Target: "http://a/{{ node }}"}, "GET /drv-1 HTTP/1.1\r\nHost: a\r\nUser-Agent: landfall/1.0\r\n\r\n"},
		{"literal braces", loadgen.Spec{Target: "http://a/", Body: `{{"{{"}}b}}`}, "POST / HTTP/1.1\r\nHost: a\r\nUser-Agent: landfall/1.0\r\nContent-Length: 5\r\n\r\n{{b}}"},
		{"no User-Agent", loadgen.Spec{Target: "http://a/", Headers: map[string]string{"user-agent": ""}}, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := compiledScript(t, c.spec, Options{NodeID: "drv-1", Version: "1.0"}).Reader(0)
			if got := string(r.Bytes(nil, 0, 7)); got != c.want {
				t.Errorf("%q\nwant %q", got, c.want)
			}
			if r.script.Requests[0].Constant == nil {
				t.Error("the request is not constant")
			}
		})
	}
}

func TestPlaceholders(t *testing.T) {
	spec := loadgen.Spec{
		Target: "http://a/{{seq}}?u={{csv.user}}&n={{node}}", Body: "{{csv.text}} {{seq}} {{csv.text}}",
		Headers: map[string]string{"X-Id": "<{{uuid}}>", "X-Random": "{{random}}"},
		CSV:     "user, text\na b,\"x\ny\"\n#é,\nc,zzzzzzzzzzzzzzzzzzzzzz\n",
	}
	r := compiledScript(t, spec, Options{NodeID: "drv-1", DriverIndex: 1, Drivers: 3}).Reader(0)
	uuids := map[string]bool{}
	isUUID := regexp.MustCompile(`^<[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}>$`)
	users, texts := []string{"a%20b", "%23%C3%A9", "c"}, []string{"x\ny", "", "zzzzzzzzzzzzzzzzzzzzzz"}
	var buf []byte
	for k := int64(0); k < 7; k++ {
		buf = r.Bytes(buf[:0], 0, k)
		got, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(buf)))
		if err != nil {
			t.Fatalf("%v of %q", err, buf)
		}
		body, err := io.ReadAll(got.Body)
		if err != nil {
			t.Fatal(err)
		}
		seq := 3*k + 1
		if want := fmt.Sprintf("/%d?u=%s&n=drv-1", seq, users[k%3]); got.RequestURI != want {
			t.Errorf("%s, want %s", got.RequestURI, want)
		}
		if want := fmt.Sprintf("%s %d %s", texts[k%3], seq, texts[k%3]); string(body) != want {
			t.Errorf("%q, want %q", body, want)
		}
		if id := got.Header.Get("X-Id"); !isUUID.MatchString(id) || uuids[id] {
			t.Errorf("%s is not a new UUID", id)
		}
		uuids[got.Header.Get("X-Id")] = true
	}
}

func TestCSVSplit(t *testing.T) {
	spec := loadgen.Spec{Target: "http://a/{{csv.n}}", CSV: "n\n0\n1\n2\n3\n4\n5\n6\n", CSVSplit: true}
	seen := map[string]int{}
	for i, rows := range []int64{3, 2, 2} {
		r := compiledScript(t, spec, Options{DriverIndex: i, Drivers: 3}).Reader(0)
		for k := range rows {
			line, _, _ := strings.Cut(string(r.Bytes(nil, 0, k)), " HTTP")
			seen[line]++
		}
	}
	if len(seen) != 7 || seen["GET /6"] != 1 {
		t.Errorf("not every row is in exactly one part: %v", seen)
	}
	if _, err := Compile(spec, Options{Drivers: 8}); err == nil {
		t.Error("split 7 lines among 8 drivers")
	}
}

func TestListOfRequests(t *testing.T) {
	spec := loadgen.Spec{
		Target: "http://a/base/", Headers: map[string]string{"Accept": "x", "X-One": "1"}, Order: "sequence",
		Requests: []loadgen.Request{
			{Name: "list", URL: "items?p=1"},
			{Name: "abs", URL: "/top", Headers: map[string]string{"accept": "y"}},
			{Name: "buy", Body: "b", URL: "http://a:80/buy"},
		},
	}
	r := compiledScript(t, spec, Options{}).Reader(0)
	want := []string{
		"GET /base/items?p=1 HTTP/1.1\r\nHost: a\r\nUser-Agent: landfall\r\nAccept: x\r\nX-One: 1\r\n\r\n",
		"GET /top HTTP/1.1\r\nHost: a\r\nUser-Agent: landfall\r\nX-One: 1\r\naccept: y\r\n\r\n",
		"POST /buy HTTP/1.1\r\nHost: a\r\nUser-Agent: landfall\r\nAccept: x\r\nX-One: 1\r\nContent-Length: 1\r\n\r\nb",
	}
	for k := range int64(6) {
		if got := string(r.Bytes(nil, r.Pick(k), k)); got != want[k%3] {
			t.Errorf("%q\nwant %q", got, want[k%3])
		}
	}
}

// In a sequence, all requests of one pass have the same CSV row, so that a login and the requests after it are of one user.
func TestSequenceTakesOneRowPerPass(t *testing.T) {
	spec := loadgen.Spec{
		Target: "http://a/", Order: "sequence", CSV: "u\nu0\nu1\nu2\n",
		Requests: []loadgen.Request{{Name: "login", URL: "/login/{{csv.u}}"}, {Name: "cart", URL: "/cart/{{csv.u}}"}},
	}
	r := compiledScript(t, spec, Options{}).Reader(0)
	for k, want := range []string{"/login/u0", "/cart/u0", "/login/u1", "/cart/u1", "/login/u2", "/cart/u2", "/login/u0"} {
		i := r.Pick(int64(k))
		if got := string(r.Bytes(nil, i, int64(k))); !strings.HasPrefix(got, "GET "+want+" ") {
			t.Errorf("request %d: %q, want %s", k, got, want)
		}
		var q http2.Request
		if r.HTTP2(&q, nil, i, int64(k)); string(q.Values[0]) != want {
			t.Errorf("request %d over HTTP/2: %q, want %s", k, q.Values[0], want)
		}
	}
}

func TestWeights(t *testing.T) {
	spec := loadgen.Spec{Target: "http://a/", Seed: 1, Requests: []loadgen.Request{{Name: "a", Weight: 7}, {Name: "b", Weight: 2}, {Name: "c"}}}
	r := compiledScript(t, spec, Options{}).Reader(0)
	var n [3]int
	for k := range int64(100_000) {
		n[r.Pick(k)]++
	}
	for i, want := range []int{70_000, 20_000, 10_000} {
		if n[i] < want-1000 || n[i] > want+1000 {
			t.Errorf("request %d: %d times, want about %d", i, n[i], want)
		}
	}
}

func TestErrorsNameTheField(t *testing.T) {
	cases := []struct {
		name  string
		spec  loadgen.Spec
		field string
		want  string
	}{
		{"unknown", loadgen.Spec{Target: "http://a/{{sqe}}"}, "target", `"{{sqe}}": must be {{seq}}, {{node}}`},
		{"no csv", loadgen.Spec{Target: "http://a/", Body: "{{csv.a}}"}, "body", "needs a csv"},
		{"no column", loadgen.Spec{Target: "http://a/", Headers: map[string]string{"X": "{{csv.b}}"}, CSV: "a\n1\n"}, "headers.X", "no such column; its columns are a"},
		{"line break into a header", loadgen.Spec{Target: "http://a/", Headers: map[string]string{"X": "{{csv.a}}"}, CSV: "a\n\"1\nEvil: 2\"\n"}, "headers.X", "is not a valid header value"},
		{"csv without rows", loadgen.Spec{Target: "http://a/", CSV: "a\n"}, "csv", "at least one data row"},
		{"ragged csv", loadgen.Spec{Target: "http://a/", CSV: "a\n1,2\n"}, "csv", "wrong number of fields"},
		{"long csv", loadgen.Spec{Target: "http://a/", CSV: "a\n" + strings.Repeat("1\n", template.MaxCSV)}, "csv", "must be at most"},
		{"host from a csv", loadgen.Spec{Target: "http://{{node}}/"}, "target", "are allowed in the path and query only"},
		{"another host", loadgen.Spec{Target: "http://a/", Requests: []loadgen.Request{{Name: "x", URL: "http://b/"}}}, "requests[0].url", "must be on the target's host, a"},
		{"another scheme", loadgen.Spec{Target: "http://a/", Requests: []loadgen.Request{{Name: "x", URL: "https://a/"}}}, "requests[0].url", "must be on the target's host"},
		{"another host without a scheme", loadgen.Spec{Target: "http://a/", Requests: []loadgen.Request{{Name: "x", URL: "//b/"}}}, "requests[0].url", "must be on the target's host"},
		{"chunked", loadgen.Spec{Target: "http://a/", Headers: map[string]string{"transfer-encoding": "chunked"}}, "headers.transfer-encoding", "bodies are always sent with Content-Length"},
		{"line break in a header", loadgen.Spec{Target: "http://a/", Headers: map[string]string{"X": "a\r\nb"}}, "headers.X", "is not a valid header value"},
		{"shell variable in a header", loadgen.Spec{Target: "http://a/", Headers: map[string]string{"Authorization": "Bearer ${TOKEN}"}}, "headers.Authorization", `is not expanded: write the value, or {{"$"}}{TOKEN} for a literal ${TOKEN}`},
		{"shell variable in a URL", loadgen.Spec{Target: "http://a/", Requests: []loadgen.Request{{Name: "x", URL: "/${ID}"}}}, "requests[0].url", "is not expanded"},
		{"expected text that varies", loadgen.Spec{Target: "http://a/", Expect: loadgen.Expect{BodyContains: "{{seq}}"}}, "expect.body_contains", "must be the same for every request"},
		{"expected text in compressed bodies", loadgen.Spec{Target: "http://a/", Headers: map[string]string{"accept-encoding": "gzip"}, Expect: loadgen.Expect{BodyContains: "x"}}, "headers.Accept-Encoding", "a compressed body cannot be searched"},
		{"duplicate column", loadgen.Spec{Target: "http://a/", CSV: "a,a\n1,2\n"}, "csv", "two columns have this name"},
		{"line break in the method", loadgen.Spec{Target: "http://a/", Method: "GET /x HTTP/1.1\r\nA:"}, "method", "must be an HTTP method"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := Compile(c.spec.WithDefaults(), Options{NodeID: "node"})
			var wrong *field.Error
			if !errors.As(err, &wrong) || wrong.Field != c.field || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %s %s", err, c.field, c.want)
			}
		})
	}
}

func TestSeedIsReproducible(t *testing.T) {
	spec := loadgen.Spec{Target: "http://a/{{random}}", Seed: 7}
	first := string(compiledScript(t, spec, Options{}).Reader(1).Bytes(nil, 0, 0))
	if again := string(compiledScript(t, spec, Options{}).Reader(1).Bytes(nil, 0, 0)); again != first {
		t.Error("the same seed gives another request")
	}
	if other := string(compiledScript(t, spec, Options{}).Reader(2).Bytes(nil, 0, 0)); other == first {
		t.Error("two loops send the same random values")
	}
}

func TestBytesAllocatesNothing(t *testing.T) {
	spec := loadgen.Spec{Target: "http://a/{{seq}}/{{csv.a}}", Body: "{{uuid}}{{random}}", CSV: "a\n1\n2\n"}
	r := compiledScript(t, spec, Options{}).Reader(0)
	buf, k := make([]byte, 0, 1024), int64(0)
	if n := testing.AllocsPerRun(1000, func() { buf = r.Bytes(buf[:0], r.Pick(k), k); k++ }); n != 0 {
		t.Errorf("%v allocations a request", n)
	}
}

// net/http reads exactly one request, with its whole body, whatever the spec and its CSV hold.
func FuzzRequest(f *testing.F) {
	f.Add("/a?{{csv.a}}", "v {{seq}}", "{{csv.a}}", "x y\r\n")
	f.Add("/{{uuid}}", "{{random}}", "b", "")
	f.Fuzz(func(t *testing.T, path, header, body, cell string) {
		spec := loadgen.Spec{Target: "http://a/" + strings.TrimPrefix(path, "/"), Headers: map[string]string{"X-H": header}, Body: body,
			CSV: "a,b\n\"" + strings.ReplaceAll(cell, `"`, `""`) + "\",\n"}
		spec = spec.WithDefaults()
		if spec.Kind = loadgen.Avalanche; spec.CheckTarget() != nil {
			return
		}
		s, err := Compile(spec, Options{NodeID: "n"})
		if err != nil {
			return
		}
		sent := s.Reader(0).Bytes(nil, 0, 0)
		in := bufio.NewReader(bytes.NewReader(sent))
		r, err := http.ReadRequest(in)
		if err != nil {
			t.Fatalf("%v of %q", err, sent)
		}
		got, err := io.ReadAll(r.Body)
		if err != nil || in.Buffered() > 0 {
			t.Fatalf("%v, %d bytes left of %q", err, in.Buffered(), sent)
		}
		if !strings.Contains(body, "{{") && string(got) != body {
			t.Fatalf("body %q, want %q", got, body)
		}
		if len(r.Header) > 3 || r.Host != "a" {
			t.Fatalf("%d headers, host %s: %q", len(r.Header), r.Host, sent)
		}
	})
}

func BenchmarkBytes(b *testing.B) {
	spec := loadgen.Spec{Target: "http://a/{{seq}}/{{csv.a}}", Body: `{"id":"{{uuid}}","n":{{random}}}`, CSV: "a\n1\n2\n"}.WithDefaults()
	s, err := Compile(spec, Options{})
	if err != nil {
		b.Fatal(err)
	}
	r, buf := s.Reader(0), make([]byte, 0, 1024)
	b.ReportAllocs()
	for k := int64(0); b.Loop(); k++ {
		buf = r.Bytes(buf[:0], r.Pick(k), k)
	}
}
