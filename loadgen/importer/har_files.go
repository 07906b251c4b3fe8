package importer

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"unicode/utf8"
)

// unpacked returns the archive in a ZIP file with the files beside it, or the input if it is not a ZIP file.
func unpacked(data []byte, files fs.FS) ([]byte, fs.FS, error) {
	if !bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		return data, files, nil
	}
	packed, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, nil, err
	}
	for _, f := range packed.File {
		if strings.EqualFold(path.Ext(f.Name), ".har") {
			data, err := readFrom(packed, f.Name, maxHAR)
			return data, packed, err
		}
	}
	return nil, nil, fmt.Errorf("the ZIP file holds no .har file")
}

// readFrom reads a file of at most the given number of bytes.
func readFrom(files fs.FS, name string, most int) ([]byte, error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, int64(most)+1))
	if err == nil && len(data) > most {
		return nil, fmt.Errorf("%s has more than %d bytes", name, most)
	}
	return data, err
}

// attached reads the bodies that an archive stores in separate files.
type attached struct {
	files fs.FS // nil: none
	left  int   // bytes that may still be read
}

// fill reads the bodies of an entry. A missing body of a request is noted; bodies of responses are only searched for values.
func (a *attached) fill(i *imported, e *harEntry) {
	if p := e.Request.PostData; p != nil {
		if err := a.read(&p.harContent); err != nil {
			i.note("entry %d: its body is in another file: %v", e.number, err)
		}
	}
	if err := a.read(&e.Response.Content); err != nil {
		i.note("a body of a response is in another file, in which no values are looked for: %v", err)
	}
}

// read replaces a reference to a file by the file's content.
func (a *attached) read(c *harContent) error {
	if c.File == "" {
		return nil
	}
	if a.files == nil {
		return fmt.Errorf("%.80q", c.File)
	}
	data, err := readFrom(a.files, c.File, a.left)
	if err != nil {
		return err
	}
	a.left -= len(data)
	if c.Text, c.Encoding = string(data), ""; !utf8.Valid(data) {
		c.Text, c.Encoding = base64.StdEncoding.EncodeToString(data), "base64"
	}
	return nil
}

// decoded returns a body as text. ok is false if it is not text.
func (c *harContent) decoded() (text string, ok bool) {
	switch c.Encoding {
	case "":
		return c.Text, true
	case "base64":
		raw, err := base64.StdEncoding.DecodeString(c.Text)
		return string(raw), err == nil && utf8.Valid(raw)
	}
	return "", false
}
