package importer

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"strings"
	"unicode/utf8"

	"landfall/loadgen"
	"landfall/loadgen/script"
	"landfall/loadgen/template"
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

// FromHAR makes a spec of what a browser recorded: its requests to one scheme and host, in their order, since a spec has
// one target: those of the first request to host, or of the first one if host is empty. left counts the requests that are
// left out, by their origin.
func FromHAR(data []byte, host string) (spec loadgen.Spec, left map[string]int, err error) {
	if len(data) > maxHAR {
		return loadgen.Spec{}, nil, fmt.Errorf("har: %d bytes: at most %d", len(data), maxHAR)
	}
	var file har
	if err := json.Unmarshal(bytes.TrimPrefix(data, []byte("\ufeff")), &file); err != nil {
		return loadgen.Spec{}, nil, fmt.Errorf("har: %w", err)
	}
	spec = loadgen.Spec{Order: "sequence", Duration: importDuration}
	names, left := map[string]int{}, map[string]int{}
	for i, entry := range file.Log.Entries {
		u := webURL(entry.Request.URL)
		if u == nil {
			left["neither http nor https"]++
			continue
		}
		origin := (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/"}).String()
		if spec.Target == "" && (host == "" || host == u.Host || host == u.Hostname()) {
			spec.Target = origin
		}
		if origin != spec.Target {
			left[origin]++
			continue
		}
		if len(spec.Requests) == loadgen.MaxRequests {
			left[fmt.Sprintf("beyond the first %d", loadgen.MaxRequests)]++
			continue
		}
		if err := addHAR(&spec, entry.Request, u, names); err != nil {
			return loadgen.Spec{}, nil, fmt.Errorf("har: entry %d: %w", i, err)
		}
	}
	switch {
	case len(spec.Requests) == 0 && host != "":
		return loadgen.Spec{}, nil, fmt.Errorf("har: there is no request to %s in it", host)
	case len(spec.Requests) == 0:
		return loadgen.Spec{}, nil, fmt.Errorf("har: there is no request over http or https in it")
	}
	hoistHeaders(&spec)
	if err := script.Check(spec.WithDefaults()); err != nil {
		return loadgen.Spec{}, nil, fmt.Errorf("har: %w", err)
	}
	return spec, left, nil
}

// addHAR adds one request.
func addHAR(s *loadgen.Spec, r harRequest, u *url.URL, names map[string]int) error {
	headers := importedHeaders{}
	for _, h := range r.Headers {
		headers.add(h.Name, h.Value)
	}
	one := loadgen.Request{Name: harName(r.Method, u, names), Method: strings.ToUpper(r.Method), URL: u.RequestURI(), Headers: headers.sent()}
	body := r.body()
	if len(body) > loadgen.MaxBody {
		return fmt.Errorf("a body of %d bytes: at most %d", len(body), loadgen.MaxBody)
	}
	if one.Body, one.BodyBase64 = loadgen.BodyFields([]byte(body)); template.Placeholder.MatchString(body) { // whoever recorded it meant none
		one.Body, one.BodyBase64 = "", base64.StdEncoding.EncodeToString([]byte(body))
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
func hoistHeaders(s *loadgen.Spec) {
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
