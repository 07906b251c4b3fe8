package loadgen

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"strings"
	"unicode/utf8"
)

// maxHAR bounds a HAR file; most of one are responses, which are not kept.
const maxHAR = 64 << 20

// har is the part of the format that says what was requested (http://www.softwareishard.com/blog/har-12-spec/).
type har struct {
	Log struct {
		Entries []struct {
			Request harRequest `json:"request"`
		} `json:"entries"`
	} `json:"log"`
}

type harRequest struct {
	Method   string    `json:"method"`
	URL      string    `json:"url"`
	Headers  []harPair `json:"headers"`
	PostData *struct {
		MimeType string    `json:"mimeType"`
		Text     string    `json:"text"`
		Params   []harPair `json:"params"`
	} `json:"postData"`
}

type harPair struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// SpecFromHAR makes a spec of what a browser recorded: its requests to the first one's scheme and host, in their order.
// Requests to other hosts are left out, since a spec has one target.
func SpecFromHAR(data []byte) (Spec, error) {
	if len(data) > maxHAR {
		return Spec{}, fmt.Errorf("har: %d bytes: at most %d", len(data), maxHAR)
	}
	var file har
	if err := json.Unmarshal(bytes.TrimPrefix(data, []byte("\ufeff")), &file); err != nil {
		return Spec{}, fmt.Errorf("har: %w", err)
	}
	spec := Spec{Order: "sequence", Duration: importDuration}
	names := map[string]int{}
	for i, entry := range file.Log.Entries {
		if err := spec.addHAR(entry.Request, names); err != nil {
			return Spec{}, fmt.Errorf("har: entry %d: %w", i, err)
		}
	}
	if len(spec.Requests) == 0 {
		return Spec{}, fmt.Errorf("har: there is no request over http or https in it")
	}
	spec.hoistHeaders()
	if err := spec.WithDefaults().Validate(); err != nil {
		return Spec{}, fmt.Errorf("har: %w", err)
	}
	return spec, nil
}

// addHAR adds one request, unless it is to another host.
func (s *Spec) addHAR(r harRequest, names map[string]int) error {
	u := webURL(r.URL)
	if u == nil {
		return nil
	}
	origin := (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/"}).String()
	if s.Target == "" {
		s.Target = origin
	}
	if origin != s.Target {
		return nil
	}
	if len(s.Requests) == maxRequests {
		return fmt.Errorf("more than %d requests to %s", maxRequests, s.Target)
	}
	headers := importedHeaders{}
	for _, h := range r.Headers {
		headers.add(h.Name, h.Value)
	}
	one := Request{Name: harName(r.Method, u, names), Method: strings.ToUpper(r.Method), URL: u.RequestURI(), Headers: headers.sent(), Body: r.body()}
	if len(one.Body) > maxBody {
		return fmt.Errorf("a body of %d bytes: at most %d", len(one.Body), maxBody)
	}
	s.Requests = append(s.Requests, one)
	return nil
}

// webURL is a URL over http or https; nil for data:, ws:, about: and the like.
func webURL(raw string) *url.URL {
	u, err := url.Parse(raw)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return nil
	}
	return u
}

func (r harRequest) body() string {
	if r.PostData == nil {
		return ""
	}
	if r.PostData.Text != "" || len(r.PostData.Params) == 0 {
		return r.PostData.Text
	}
	form := make([]string, 0, len(r.PostData.Params))
	for _, p := range r.PostData.Params {
		form = append(form, url.QueryEscape(p.Name)+"="+url.QueryEscape(p.Value))
	}
	return strings.Join(form, "&")
}

// harName is a name that no other request has, such as "GET /items #2".
func harName(method string, u *url.URL, names map[string]int) string {
	name := strings.ToUpper(method) + " " + u.EscapedPath()
	for len(name) > 100 {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	names[name]++
	if n := names[name]; n > 1 {
		return fmt.Sprintf("%s #%d", name, n)
	}
	return name
}

// hoistHeaders moves the headers that all requests have alike to the spec, where they are written once.
func (s *Spec) hoistHeaders() {
	common := maps.Clone(s.Requests[0].Headers)
	for _, r := range s.Requests {
		maps.DeleteFunc(common, func(name, value string) bool {
			have, ok := r.Headers[name]
			return !ok || have != value
		})
	}
	if len(common) == 0 {
		return
	}
	s.Headers = common
	for i := range s.Requests {
		maps.DeleteFunc(s.Requests[i].Headers, func(name, _ string) bool { _, ok := common[name]; return ok })
		if len(s.Requests[i].Headers) == 0 {
			s.Requests[i].Headers = nil
		}
	}
}
