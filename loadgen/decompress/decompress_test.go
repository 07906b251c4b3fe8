package decompress

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"

	"landfall/loadgen/extract"
)

// kept is the limit of a decompressed body.
const kept = 1 << 20

// unpacked returns a body as decoded by the Decoder.
func unpacked(d *Decoder, coding string, body []byte) (text string, cut bool) {
	q := extract.Response{Head: []byte("Content-Encoding: " + coding + "\n"), Body: body}
	cut = d.Decode(&q, kept)
	return string(q.Body), cut
}

// The first text was compressed by the reference implementation (RFC 7932), with and without its dictionary; the others by another encoder.
// One decoder reads all of them, with damaged ones in between.
func TestBrotli(t *testing.T) {
	var d Decoder
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

// A body of a few hundred bytes that decompresses to gigabytes takes no more memory than the limit.
func TestBrotliBomb(t *testing.T) {
	var packed bytes.Buffer
	z := brotli.NewWriter(&packed)
	for range 64 {
		z.Write(make([]byte, 1<<20))
	}
	z.Close()
	var d Decoder
	if got, cut := unpacked(&d, "br", packed.Bytes()); len(got) != kept || !cut || packed.Len() > 10_000 {
		t.Errorf("%d bytes of %d, cut %v", len(got), packed.Len(), cut)
	}
}

// FuzzDecode checks that decoding ends, within the limit, whatever a body claims to be compressed with.
func FuzzDecode(f *testing.F) {
	f.Add([]byte("\x0b\x05\x80hello world\x03"))
	f.Add([]byte("\x1f\x8b\x08\x00"))
	f.Add([]byte("\x28\xb5\x2f\xfd\x00"))
	f.Fuzz(func(t *testing.T, body []byte) {
		var d Decoder
		for _, coding := range []string{"br", "gzip", "zstd", "br"} {
			if got, _ := unpacked(&d, coding, body); len(got) > kept {
				t.Fatalf("%s: %d bytes", coding, len(got))
			}
		}
	})
}
