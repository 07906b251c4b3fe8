package importer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
)

// maxHAR bounds an HTTP archive, in bytes; most of one are responses, which are not kept.
const maxHAR = 64 << 20

// har is the part of the format that an import looks at (http://www.softwareishard.com/blog/har-12-spec/).
type har struct {
	Log struct {
		Entries []json.RawMessage `json:"entries"` // each decoded by itself: one that is odd does not spoil the rest
	} `json:"log"`
}

type harEntry struct {
	Started  string     `json:"startedDateTime"`
	Time     float64    `json:"time"` // milliseconds
	Request  harRequest `json:"request"`
	Response struct {
		Status      harText   `json:"status"`
		HTTPVersion string    `json:"httpVersion"`
		RedirectURL string    `json:"redirectURL"`
		Headers     []harPair `json:"headers"`
		Cookies     []harPair `json:"cookies"`
		Content     struct {
			MimeType string `json:"mimeType"`
			Text     string `json:"text"`
			Encoding string `json:"encoding"`
		} `json:"content"`
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
		MimeType string    `json:"mimeType"`
		Text     string    `json:"text"`
		Encoding string    `json:"encoding"` // base64, of some tools; the format has none
		Params   []harPair `json:"params"`
	} `json:"postData"`
}

type harPair struct {
	Name        harText `json:"name"`
	Value       harText `json:"value"`
	FileName    string  `json:"fileName"`
	ContentType string  `json:"contentType"`
}

// harText is a text that some tools write as a number, as true or false, or as null.
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

// readHAR gives an archive's requests over HTTP; the import notes what is left out.
func readHAR(i *imported, data []byte) ([]*harEntry, error) {
	if len(data) > maxHAR {
		return nil, fmt.Errorf("har: %d bytes: at most %d", len(data), maxHAR)
	}
	var file har
	if err := json.Unmarshal(bytes.TrimPrefix(data, []byte("\ufeff")), &file); err != nil {
		return nil, fmt.Errorf("har: %w", err)
	}
	var entries []*harEntry
	for n, raw := range file.Log.Entries {
		e := &harEntry{number: n + 1}
		if err := json.Unmarshal(raw, e); err != nil {
			i.note("entry %d is left out: %v", e.number, err)
			continue
		}
		if e.url = webURL(e.Request.URL); e.url == nil || strings.EqualFold(e.Request.Method, "CONNECT") {
			i.note("entry %d is left out: %s %.80q is no request over http or https", e.number, e.Request.Method, e.Request.URL)
			continue
		}
		e.origin = (&url.URL{Scheme: e.url.Scheme, Host: strings.ToLower(e.url.Host)}).String()
		entries = append(entries, e)
	}
	return entries, nil
}

// webURL is a URL over http or https; nil for data:, ws:, about: and the like.
func webURL(raw string) *url.URL {
	u, err := url.Parse(raw)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return nil
	}
	return u
}

// header is a header's first value, "" if there is none.
func (r *harRequest) header(name string) string {
	for _, h := range r.Headers {
		if strings.EqualFold(string(h.Name), name) {
			return string(h.Value)
		}
	}
	return ""
}

// version is the protocol that an entry was sent over: 1, 2 or 3, and 0 if the archive does not say.
func (e *harEntry) version() int {
	said := e.Request.HTTPVersion
	if said == "" || strings.EqualFold(said, "unknown") {
		said = e.Response.HTTPVersion
	}
	switch said = strings.ToLower(said); {
	case strings.HasPrefix(said, "h2"), strings.HasPrefix(said, "http/2"):
		return 2
	case strings.HasPrefix(said, "h3"), strings.HasPrefix(said, "http/3"), strings.Contains(said, "quic"):
		return 3
	case strings.HasPrefix(said, "http/1"):
		return 1
	}
	return 0
}
