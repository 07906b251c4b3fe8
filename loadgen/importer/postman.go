package importer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// maxPostman bounds a collection, in bytes.
const maxPostman = 64 << 20

// postmanCollection is the part of a collection that says what is requested (https://schema.postman.com/, v2.0 and v2.1).
type postmanCollection struct {
	Info struct {
		Schema string `json:"schema"`
	} `json:"info"`
	Variable []postmanPair `json:"variable"`
	postmanFolder
}

// postmanFolder is a folder, or the collection itself.
type postmanFolder struct {
	Name  string            `json:"name"`
	Item  []postmanItem     `json:"item"`
	Auth  *postmanAuth      `json:"auth"`
	Event []json.RawMessage `json:"event"` // scripts
}

// postmanItem is a request or a folder.
type postmanItem struct {
	postmanFolder
	Request *postmanRequest `json:"request"`
}

type postmanRequest struct {
	Method string       `json:"method"`
	URL    postmanURL   `json:"url"`
	Header postmanPairs `json:"header"`
	Body   *postmanBody `json:"body"`
	Auth   *postmanAuth `json:"auth"`
}

// UnmarshalJSON reads a request, which may be its URL alone.
func (r *postmanRequest) UnmarshalJSON(data []byte) error {
	if data[0] == '"' {
		r.Method = "GET"
		return json.Unmarshal(data, &r.URL)
	}
	type plain postmanRequest
	return json.Unmarshal(data, (*plain)(r))
}

type postmanURL struct {
	Raw      string        `json:"raw"`
	Query    []postmanPair `json:"query"`
	Variable []postmanPair `json:"variable"` // of path segments such as :id
}

// UnmarshalJSON reads a URL, which may be a text.
func (u *postmanURL) UnmarshalJSON(data []byte) error {
	if data[0] == '"' {
		return json.Unmarshal(data, &u.Raw)
	}
	type plain postmanURL
	return json.Unmarshal(data, (*plain)(u))
}

type postmanPair struct {
	Key         string     `json:"key"`
	Value       harText    `json:"value"`
	Disabled    bool       `json:"disabled"`
	Type        string     `json:"type"`        // of a form's part: text or file
	ContentType string     `json:"contentType"` // likewise
	Src         postmanSrc `json:"src"`         // likewise
}

// postmanSrc is the name of a file, or of several.
type postmanSrc []string

// UnmarshalJSON reads one name or a list of them.
func (s *postmanSrc) UnmarshalJSON(data []byte) error {
	if data[0] == '[' {
		return json.Unmarshal(data, (*[]string)(s))
	}
	var one *string
	if err := json.Unmarshal(data, &one); err != nil || one == nil {
		return err
	}
	*s = postmanSrc{*one}
	return nil
}

// postmanPairs are headers: a list, or lines of a text.
type postmanPairs []postmanPair

// UnmarshalJSON reads a list or a text.
func (p *postmanPairs) UnmarshalJSON(data []byte) error {
	if data[0] != '"' {
		return json.Unmarshal(data, (*[]postmanPair)(p))
	}
	var text string
	err := json.Unmarshal(data, &text)
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(line, ":"); ok {
			*p = append(*p, postmanPair{Key: strings.TrimSpace(name), Value: harText(strings.TrimSpace(value))})
		}
	}
	return err
}

type postmanBody struct {
	Mode       string        `json:"mode"`
	Disabled   bool          `json:"disabled"`
	Raw        string        `json:"raw"`
	URLEncoded []postmanPair `json:"urlencoded"`
	FormData   []postmanPair `json:"formdata"`
	File       struct {
		Src     postmanSrc `json:"src"`
		Content string     `json:"content"`
	} `json:"file"`
	GraphQL struct {
		Query     string `json:"query"`
		Variables string `json:"variables"` // JSON
	} `json:"graphql"`
	Options struct {
		Raw struct {
			Language string `json:"language"`
		} `json:"raw"`
	} `json:"options"`
}

// postmanAuth holds its parameters by type, in v2.1 as a list and in v2.0 as an object.
type postmanAuth struct {
	Type       string
	Parameters map[string]string
}

// UnmarshalJSON reads the parameters of the type that is chosen.
func (a *postmanAuth) UnmarshalJSON(data []byte) error {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(data, &all); err != nil || all["type"] == nil {
		return err
	}
	if err := json.Unmarshal(all["type"], &a.Type); err != nil {
		return err
	}
	a.Parameters = map[string]string{}
	raw := all[a.Type]
	if bytes.HasPrefix(raw, []byte("{")) {
		var values map[string]harText
		err := json.Unmarshal(raw, &values)
		for name, value := range values {
			a.Parameters[name] = string(value)
		}
		return err
	}
	var pairs []struct {
		Key   string          `json:"key"`
		Value json.RawMessage `json:"value"`
	}
	if raw == nil {
		return nil
	}
	err := json.Unmarshal(raw, &pairs)
	for _, p := range pairs {
		var text harText
		if len(p.Value) > 0 && json.Unmarshal(p.Value, &text) == nil { // lists are of what is not used
			a.Parameters[p.Key] = string(text)
		}
	}
	return err
}

// postmanEntry is a request of a collection, with what it takes from its folders.
type postmanEntry struct {
	name string // with those of its folders
	auth *postmanAuth
	*postmanRequest
}

// readPostman gives a collection's requests, in their order, and counts what has scripts.
func readPostman(data []byte) (c postmanCollection, entries []postmanEntry, scripts int, err error) {
	if len(data) > maxPostman {
		return c, nil, 0, fmt.Errorf("postman: %d bytes: at most %d", len(data), maxPostman)
	}
	if err := json.Unmarshal(bytes.TrimPrefix(data, []byte("\ufeff")), &c); err != nil {
		return c, nil, 0, fmt.Errorf("postman: %w", err)
	}
	if len(c.Item) == 0 {
		return c, nil, 0, fmt.Errorf("postman: there is no request in it: export the collection as v2.1")
	}
	var walk func(f postmanFolder, path string, auth *postmanAuth)
	walk = func(f postmanFolder, path string, auth *postmanAuth) {
		if f.Auth != nil {
			auth = f.Auth
		}
		if len(f.Event) > 0 {
			scripts++
		}
		for _, item := range f.Item {
			name := path + item.Name
			if item.Request == nil {
				walk(item.postmanFolder, name+" / ", auth)
				continue
			}
			if len(item.Event) > 0 {
				scripts++
			}
			e := postmanEntry{name: name, auth: auth, postmanRequest: item.Request}
			if item.Request.Auth != nil {
				e.auth = item.Request.Auth
			}
			entries = append(entries, e)
		}
	}
	walk(c.postmanFolder, "", nil)
	return c, entries, scripts, nil
}
