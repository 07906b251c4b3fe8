package engine

import (
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"landfall/loadgen"
	"landfall/loadgen/extract"
)

// unpacked is what the decompressor makes of a body.
func unpacked(d *decompressor, coding string, body []byte) (text string, cut bool) {
	q := extract.Response{Head: []byte("Content-Encoding: " + coding + "\n"), Body: body}
	cut = d.decode(&q)
	return string(q.Body), cut
}

// The first text was compressed by the reference implementation (RFC 7932), with its dictionary and without; the others by another
// encoder. One decoder reads all of them, damaged ones in between.
func TestBrotli(t *testing.T) {
	var d decompressor
	reference, err := hex.DecodeString("0b058068656c6c6f20776f726c6403")
	if err != nil {
		t.Fatal(err)
	}
	noise := make([]byte, 100_000)
	random := rand.NewPCG(1, 2)
	for i := range noise {
		noise[i] = byte(random.Uint64())
	}
	for range 2 {
		if got, cut := unpacked(&d, "br", reference); got != "hello world" || cut {
			t.Errorf("%q, cut %v", got, cut)
		}
		for _, want := range []string{"", "a", strings.Repeat("the time of the year, ", 5000), string(noise)} {
			var packed bytes.Buffer
			z := brotli.NewWriter(&packed)
			fmt.Fprint(z, want)
			z.Close()
			if got, cut := unpacked(&d, "BR", packed.Bytes()); got != want || cut {
				t.Errorf("%d bytes became %d, cut %v", len(want), len(got), cut)
			}
			half := packed.Bytes()[:packed.Len()/2]
			if got, cut := unpacked(&d, "br", half); !strings.HasPrefix(want, got) || cut {
				t.Errorf("half of a body of %d bytes: %d bytes, cut %v", len(want), len(got), cut)
			}
		}
		if got, _ := unpacked(&d, "br", []byte("\xffno brotli at all")); strings.Contains(got, "brotli") {
			t.Errorf("%q of what is no Brotli", got)
		}
	}
}

// A body of a few hundred bytes that unfolds into gigabytes costs what is kept of a body.
func TestBrotliBomb(t *testing.T) {
	var packed bytes.Buffer
	z := brotli.NewWriter(&packed)
	for range 64 {
		z.Write(make([]byte, 1<<20))
	}
	z.Close()
	var d decompressor
	if got, cut := unpacked(&d, "br", packed.Bytes()); len(got) != maxKept || !cut || packed.Len() > 10_000 {
		t.Errorf("%d bytes of %d, cut %v", len(got), packed.Len(), cut)
	}
}

// FuzzDecode: whatever a body says it is compressed with, decoding it ends, within what is kept of a body.
func FuzzDecode(f *testing.F) {
	f.Add([]byte("\x0b\x05\x80hello world\x03"))
	f.Add([]byte("\x1f\x8b\x08\x00"))
	f.Add([]byte("\x28\xb5\x2f\xfd\x00"))
	f.Fuzz(func(t *testing.T, body []byte) {
		var d decompressor
		for _, coding := range []string{"br", "gzip", "zstd", "br"} {
			if got, _ := unpacked(&d, coding, body); len(got) > maxKept {
				t.Fatalf("%s: %d bytes", coding, len(got))
			}
		}
	})
}

// Compressed bodies are looked at as what they hold; one that is damaged holds nothing that is found, and of one that unfolds into
// more, one mebibyte is kept.
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
