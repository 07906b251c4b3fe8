package engine

import (
	"bytes"
	"compress/gzip"
	"io"
	"strings"

	"landfall/loadgen/extract"
)

// decompressor decodes bodies, one after the other.
type decompressor struct {
	gzip *gzip.Reader
	body bytes.Buffer
}

// decode replaces the body of a response that is compressed with gzip by what it holds, as far as it is kept. A body that is
// cut, or is no gzip, stands for as much of it as can be read.
func (d *decompressor) decode(q *extract.Response) {
	if len(q.Body) == 0 || !strings.EqualFold(extract.HeaderValue(q.Head, "Content-Encoding"), "gzip") {
		return
	}
	compressed := bytes.NewReader(q.Body)
	q.Body = nil
	var err error
	if d.gzip == nil {
		d.gzip, err = gzip.NewReader(compressed)
	} else {
		err = d.gzip.Reset(compressed)
	}
	if err != nil {
		d.gzip = nil
		return
	}
	d.body.Reset()
	_, _ = io.Copy(&d.body, io.LimitReader(d.gzip, maxKept))
	q.Body = d.body.Bytes()
}
