package importer

import (
	"encoding/json"
	"strings"
)

// postmanURL is the URL of a request.
type postmanURL struct {
	Raw      string        `json:"raw"` // "": only the parts are given
	Protocol string        `json:"protocol"`
	Host     postmanWords  `json:"host"`
	Port     harText       `json:"port"`
	Path     postmanWords  `json:"path"`
	Query    []postmanPair `json:"query"`
	Variable []postmanPair `json:"variable"` // of path segments such as :id
}

// UnmarshalJSON accepts an object or a string.
func (u *postmanURL) UnmarshalJSON(data []byte) error {
	if data[0] == '"' {
		return json.Unmarshal(data, &u.Raw)
	}
	type plain postmanURL
	return json.Unmarshal(data, (*plain)(u))
}

// text returns the URL, made from its parts if it is not given as a whole.
func (u postmanURL) text() string {
	if u.Raw != "" {
		return u.Raw
	}
	text := strings.Join(u.Host, ".")
	if u.Protocol != "" && text != "" {
		text = strings.TrimSuffix(u.Protocol, "://") + "://" + text
	}
	if u.Port != "" {
		text += ":" + string(u.Port)
	}
	if path := strings.Join(u.Path, "/"); path != "" {
		text += "/" + strings.TrimPrefix(path, "/")
	}
	separator := "?"
	for _, p := range u.Query {
		if !p.Disabled {
			text += separator + p.Key + "=" + string(p.Value)
			separator = "&"
		}
	}
	return text
}

// postmanWords are the labels of a host or the segments of a path.
type postmanWords []string

// UnmarshalJSON accepts one text, or a list of texts and of objects with a value.
func (w *postmanWords) UnmarshalJSON(data []byte) error {
	if data[0] != '[' {
		var one harText
		err := json.Unmarshal(data, &one)
		if *w = nil; one != "" {
			*w = postmanWords{string(one)}
		}
		return err
	}
	var list []json.RawMessage
	if err := json.Unmarshal(data, &list); err != nil {
		return err
	}
	for _, raw := range list {
		var one struct{ Value harText }
		to := any(&one.Value)
		if raw[0] == '{' {
			to = &one
		}
		if err := json.Unmarshal(raw, to); err != nil {
			return err
		}
		*w = append(*w, string(one.Value))
	}
	return nil
}

// postmanSrc holds the names of files.
type postmanSrc []string

// UnmarshalJSON accepts a name or a list of names.
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

// postmanPairs are headers.
type postmanPairs []postmanPair

// UnmarshalJSON accepts a list, or a string with one header per line.
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
