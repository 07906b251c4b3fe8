package importer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/url"
	"strings"

	"landfall/loadgen/field"
	"landfall/loadgen/importer/draft"
)

// maxHAR is the maximum size of an HTTP archive, in bytes.
const maxHAR = 64 << 20

// har is the part of the HAR 1.2 format that is used (http://www.softwareishard.com/blog/har-12-spec/).
type har struct {
	Log struct {
		Entries []json.RawMessage `json:"entries"` // decoded one by one: an invalid entry is left out
	} `json:"log"`
}

type harEntry struct {
	Started  string     `json:"startedDateTime"`
	Time     float64    `json:"time"` // milliseconds
	Request  harRequest `json:"request"`
	Response struct {
		Status      harText    `json:"status"`
		HTTPVersion string     `json:"httpVersion"`
		RedirectURL string     `json:"redirectURL"`
		Headers     []harPair  `json:"headers"`
		Cookies     []harPair  `json:"cookies"`
		Content     harContent `json:"content"`
	} `json:"response"`

	number int // in the archive, from 1
	url    *url.URL
	origin string // such as https://shop.example:8443
}

type harRequest struct {
	Method      string    `json:"method"`
	URL         string    `json:"url"`
	HTTPVersion string    `json:"httpVersion"`
	Cookies     []harPair `json:"cookies"`
	Headers     []harPair `json:"headers"`
	QueryString []harPair `json:"queryString"`
	BodySize    int64     `json:"bodySize"`
	PostData    *struct {
		harContent
		Params []harPair `json:"params"`
	} `json:"postData"`
}

// harContent is a body.
type harContent struct {
	Size     harText `json:"size"` // bytes; negative: unknown
	MimeType string  `json:"mimeType"`
	Text     string  `json:"text"`
	Encoding string  `json:"encoding"` // "base64": Text is encoded. Some tools also write it for request bodies, which HAR 1.2 does not have
	File     string  `json:"_file"`    // Playwright: the name of a file that holds the body
}

type harPair struct {
	Name        harText `json:"name"`
	Value       harText `json:"value"`
	FileName    string  `json:"fileName"`
	ContentType string  `json:"contentType"`
}

// harText is a string that some tools write as a number, a boolean or null.
type harText string

func (t *harText) UnmarshalJSON(data []byte) error {
	if data[0] == '"' {
		return json.Unmarshal(data, (*string)(t))
	}
	if data[0] == '{' || data[0] == '[' {
		return fmt.Errorf("%.40s is not a string", data)
	}
	if *t = harText(data); *t == "null" {
		*t = ""
	}
	return nil
}

// readHAR returns the HTTP requests of an archive. Other entries are left out with a note. files are the files beside the archive.
func readHAR(i *imported, data []byte, files fs.FS) ([]*harEntry, error) {
	if len(data) > maxHAR {
		return nil, fmt.Errorf("har: the archive has %d bytes: must be at most %d", len(data), maxHAR)
	}
	data, files, err := unpacked(data, files)
	if err != nil {
		return nil, fmt.Errorf("har: %w", err)
	}
	var file har
	bodies := attached{files: files, left: maxHAR}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, field.JSON("har", data, err)
	}
	var entries []*harEntry
	for n, raw := range file.Log.Entries {
		e := &harEntry{number: n + 1}
		if err := json.Unmarshal(raw, e); err != nil {
			i.note("entry %d is left out: %v", e.number, err)
			continue
		}
		if e.url = draft.WebURL(e.Request.URL); e.url == nil || strings.EqualFold(e.Request.Method, "CONNECT") {
			i.note("entry %d is left out: %s %.80q is not an HTTP request", e.number, e.Request.Method, e.Request.URL)
			continue
		}
		bodies.fill(i, e)
		e.origin = (&url.URL{Scheme: e.url.Scheme, Host: strings.ToLower(e.url.Host)}).String()
		entries = append(entries, e)
	}
	return entries, nil
}

// header returns the first value of a header, or "".
func (r *harRequest) header(name string) string {
	for _, h := range r.Headers {
		if strings.EqualFold(string(h.Name), name) {
			return string(h.Value)
		}
	}
	return ""
}

// version returns the HTTP version of an entry: 1, 2 or 3, or 0 if it is not known.
func (e *harEntry) version() int {
	version := e.Request.HTTPVersion
	if version == "" || strings.EqualFold(version, "unknown") {
		version = e.Response.HTTPVersion
	}
	switch version = strings.ToLower(version); {
	case strings.HasPrefix(version, "h2"), strings.HasPrefix(version, "http/2"):
		return 2
	case strings.HasPrefix(version, "h3"), strings.HasPrefix(version, "http/3"), strings.Contains(version, "quic"):
		return 3
	case strings.HasPrefix(version, "http/1"):
		return 1
	}
	return 0
}
