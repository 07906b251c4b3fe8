package engine

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"landfall/loadgen"
)

// Extracts and checks see the decompressed body. In a damaged one they find nothing, and of a long one they see the first MiB.
func TestCompressedBodies(t *testing.T) {
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	for range 16 {
		z.Write(make([]byte, 1<<20))
	}
	z.Close()
	r := serve(t, func(w http.ResponseWriter, q *http.Request) {
		if q.Header.Get("Accept-Encoding") != "gzip, br, zstd" {
			w.WriteHeader(400)
			return
		}
		w.Header().Set("Content-Encoding", "gzip")
		switch q.URL.Path {
		case "/zstd":
			w.Header().Set("Content-Encoding", "zstd")
			z, _ := zstd.NewWriter(w)
			fmt.Fprint(z, `{"token": "t2"}`)
			z.Close()
		case "/br":
			w.Header().Set("Content-Encoding", "br")
			z := brotli.NewWriter(w)
			fmt.Fprint(z, `{"token": "t3"}`)
			z.Close()
		case "/long":
			w.Header().Del("Content-Encoding")
			w.Write(make([]byte, 3<<20))
		case "/":
			z := gzip.NewWriter(w)
			fmt.Fprint(z, `{"token": "t1"}`)
			z.Close()
		case "/bomb":
			w.Write(bomb.Bytes())
		default:
			fmt.Fprint(w, "no gzip")
		}
	}, nil)
	spec := loadgen.Spec{Target: r.url, Compressed: true}
	m := carryOnce(t, spec, 5,
		loadgen.Step{Name: "good", Get: "/", Extract: map[string]loadgen.Extract{"token": {JSON: "$.token"}}},
		loadgen.Step{Name: "bad", Get: "/bad", Extract: map[string]loadgen.Extract{"x": {Regex: "gzip", Default: text("none")}}},
		loadgen.Step{Name: "zstd", Get: "/zstd", Checks: []loadgen.Check{{JSON: "$.token", Equals: text("t2")}}},
		loadgen.Step{Name: "br", Get: "/br", Checks: []loadgen.Check{{JSON: "$.token", Equals: text("t3")}}},
		loadgen.Step{Name: "long", Get: "/long", Checks: []loadgen.Check{{Expr: "len(body) == 1048576"}}},
		loadgen.Step{Name: "bomb", Get: "/bomb", Checks: []loadgen.Check{{Expr: "len(body) == 1048576"}}})
	if m.Total.Requests != 30 || m.Total.BodiesCut != 10 || m.Total.IterationsFailed != 0 || m.Total.Unexpected != 0 {
		t.Errorf("%+v %v", m.Total, m.Failures)
	}
}
