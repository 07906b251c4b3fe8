// Package decompress decodes compressed bodies of responses: gzip, Brotli and zstd, within a limit of memory.
package decompress

import (
	"bytes"
	"compress/gzip"
	"io"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"landfall/loadgen/extract"
)

// Decoder decompresses bodies, one at a time. Its decoders are created on first use.
type Decoder struct {
	gzip   *gzip.Reader
	zstd   *zstd.Decoder
	brotli *brotli.Reader
	body   bytes.Buffer
}

// maxWindow limits the memory of a zstd decoder: 8 MiB is what every decoder must support (RFC 8878 section
// 3.1.1.1.2).
const maxWindow = 8 << 20

// Decode decompresses a body in gzip, Brotli or zstd, up to limit bytes. From a truncated or damaged body it returns what can be read. cut
// reports whether the output was truncated. The output is valid until the next call.
func (d *Decoder) Decode(q *extract.Response, limit int) (cut bool) {
	if len(q.Body) == 0 {
		return false
	}
	compressed := bytes.NewReader(q.Body)
	var content io.Reader
	switch coding := extract.HeaderValue(q.Head, "Content-Encoding"); {
	case strings.EqualFold(coding, "gzip"):
		content = d.gunzip(compressed)
	case strings.EqualFold(coding, "br"):
		content = d.unbrotli(compressed)
	case strings.EqualFold(coding, "zstd"):
		content = d.unzstd(compressed)
	default:
		return false
	}
	if q.Body = nil; content == nil {
		return false
	}
	d.body.Reset()
	_, _ = io.Copy(&d.body, io.LimitReader(content, int64(limit)+1))
	q.Body = d.body.Bytes()
	if cut = len(q.Body) > limit; cut {
		q.Body = q.Body[:limit]
	}
	return cut
}

// gunzip returns a gzip reader; nil: the data is not gzip.
func (d *Decoder) gunzip(from io.Reader) io.Reader {
	var err error
	if d.gzip == nil {
		d.gzip, err = gzip.NewReader(from)
	} else {
		err = d.gzip.Reset(from)
	}
	if err != nil {
		d.gzip = nil
		return nil
	}
	return d.gzip
}

func (d *Decoder) unzstd(from io.Reader) io.Reader {
	var err error
	if d.zstd == nil {
		d.zstd, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
	}
	if err == nil {
		err = d.zstd.Reset(from)
	}
	if err != nil {
		return nil
	}
	return d.zstd
}

// unbrotli reads Brotli. Its window has at most 16 MiB (RFC 7932 section 9.1).
func (d *Decoder) unbrotli(from io.Reader) io.Reader {
	if d.brotli == nil {
		d.brotli = brotli.NewReader(from)
	} else if d.brotli.Reset(from) != nil {
		return nil
	}
	return d.brotli
}
