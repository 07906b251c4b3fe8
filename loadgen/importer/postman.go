package importer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"landfall/loadgen/field"
	"landfall/loadgen/importer/draft"
	"landfall/loadgen/template"
)

// maxPostman is the maximum size of a collection, in bytes.
const maxPostman = 64 << 20

// postmanCollection is the part of the collection format that is used (https://schema.postman.com/, v2.0 and v2.1).
type postmanCollection struct {
	Info struct {
		Schema string `json:"schema"`
	} `json:"info"`
	postmanFolder
}

// postmanFolder is a folder. The collection itself is one, too.
type postmanFolder struct {
	Name     string            `json:"name"`
	Item     []postmanItem     `json:"item"`
	Auth     *postmanAuth      `json:"auth"`
	Event    []json.RawMessage `json:"event"` // scripts
	Variable []postmanPair     `json:"variable"`
	Profile  postmanProfile    `json:"protocolProfileBehavior"`
}

// postmanProfile holds the settings of a request, or of those of a folder, that change what is sent.
type postmanProfile struct {
	KeepBody *bool `json:"disableBodyPruning"` // a GET, for example, is sent with its body
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

	Proxy, Certificate json.RawMessage
}

// UnmarshalJSON accepts an object, or a string with the URL.
func (r *postmanRequest) UnmarshalJSON(data []byte) error {
	if data[0] == '"' {
		r.Method = "GET"
		return json.Unmarshal(data, &r.URL)
	}
	type plain postmanRequest
	return json.Unmarshal(data, (*plain)(r))
}

type postmanPair struct {
	ID          string     `json:"id"` // v2.0: the key of a path variable
	Key         string     `json:"key"`
	Value       harText    `json:"value"`
	Disabled    bool       `json:"disabled"`
	Type        string     `json:"type"` // of a part of a form: text or file
	ContentType string     `json:"contentType"`
	Src         postmanSrc `json:"src"`
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
		Query     string          `json:"query"`
		Operation harText         `json:"operationName"`
		Variables json.RawMessage `json:"variables"` // JSON, in a string or as it is
	} `json:"graphql"`
	Options struct {
		Raw struct {
			Language string `json:"language"`
		} `json:"raw"`
	} `json:"options"`
}

// postmanAuth is the authorization of a request or folder.
type postmanAuth struct {
	Type       string
	Parameters map[string]string
}

// UnmarshalJSON reads the parameters of the selected type. They are a list in v2.1 and an object in v2.0.
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
		if len(p.Value) > 0 && json.Unmarshal(p.Value, &text) == nil { // parameters that are lists are not used
			a.Parameters[p.Key] = string(text)
		}
	}
	return err
}

// postmanEntry is a request of a collection, with the values that it inherits from its folders.
type postmanEntry struct {
	name string // with the names of its folders
	auth *postmanAuth
	*postmanRequest
	variables []postmanPair // of its folders, the innermost last
	keepBody  bool
}

// within returns what requests in a folder inherit.
func (e postmanEntry) within(f postmanFolder) postmanEntry {
	if f.Auth != nil {
		e.auth = f.Auth
	}
	if f.Profile.KeepBody != nil {
		e.keepBody = *f.Profile.KeepBody
	}
	e.variables = append(e.variables[:len(e.variables):len(e.variables)], f.Variable...)
	return e
}

// readPostman returns the requests of a collection in order, and the number of requests and folders with scripts.
func readPostman(data []byte) (c postmanCollection, entries []postmanEntry, scripts int, err error) {
	if len(data) > maxPostman {
		return c, nil, 0, fmt.Errorf("postman: the collection has %d bytes: must be at most %d", len(data), maxPostman)
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if err := json.Unmarshal(data, &c); err != nil {
		return c, nil, 0, field.JSON("postman", data, err)
	}
	if len(c.Item) == 0 {
		return c, nil, 0, fmt.Errorf("postman: the collection has no request: export it as v2.1")
	}
	var walk func(f postmanFolder, path string, in postmanEntry)
	walk = func(f postmanFolder, path string, in postmanEntry) {
		in = in.within(f)
		if len(f.Event) > 0 {
			scripts++
		}
		for _, item := range f.Item {
			name := path + item.Name
			if item.Request == nil {
				walk(item.postmanFolder, name+" / ", in)
				continue
			}
			if len(item.Event) > 0 {
				scripts++
			}
			e := in.within(item.postmanFolder)
			if e.name, e.postmanRequest = name, item.Request; item.Request.Auth != nil {
				e.auth = item.Request.Auth
			}
			entries = append(entries, e)
		}
	}
	walk(c.postmanFolder, "", postmanEntry{})
	return c, entries, scripts, nil
}

// dynamic maps the dynamic variables of Postman, which have a new value in every request, to placeholders.
var dynamic = map[string]string{
	"$guid": "{{uuid}}", "$randomUUID": "{{uuid}}", "$timestamp": "{{now unix}}", "$isoTimestamp": `{{now "2006-01-02T15:04:05.000Z"}}`,
	"$randomInt": "{{int 0 1000}}", "$randomBoolean": "{{pick true false}}", "$randomEmail": "user{{random}}@example.com", "$randomUserName": "user{{random}}",
	"$randomPassword": "{{random}}", "$randomFirstName": "{{pick Ann Bob Eve Lee Max Zoe}}", "$randomLastName": "{{pick Brown Jones Khan Novak Rossi Smith}}",
	"$randomCity": "{{pick Berlin Lagos Lima Osaka Oslo Paris}}", "$randomWord": "{{pick apple bridge cloud garden river stone}}",
}

// maxNestedVariables bounds the nesting of variables in the values of variables.
const maxNestedVariables = 10

// postmanVariables fills in the variables of a collection.
type postmanVariables struct {
	given   map[string]string // by the user
	values  map[string]string // in the request that is being converted
	missing map[string]bool
	slots   []string // placeholders, each represented by a [draft.Slot] until all escaping is done
}

// fill replaces each {{name}} by its value. Names without a value are collected in v.missing.
func (v *postmanVariables) fill(text string) string { return v.fillNested(text, 0) }

func (v *postmanVariables) fillNested(text string, depth int) string {
	return template.Replace(text, func(p string) string {
		name := strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(p, "{{"), "}}"))
		if placeholder, ok := dynamic[name]; ok {
			v.slots = append(v.slots, placeholder)
			return draft.Slot(len(v.slots) - 1)
		}
		value, ok := v.values[name]
		if !ok || depth == maxNestedVariables {
			v.missing[name] = true
			return p
		}
		return v.fillNested(value, depth+1)
	})
}

// template returns a filled in text as a template: its braces are literal, its slots become placeholders.
func (v *postmanVariables) template(filled string) string {
	return v.unslot(template.Literal(filled))
}

func (v *postmanVariables) unslot(text string) string {
	for n := len(v.slots) - 1; n >= 0; n-- {
		text = strings.ReplaceAll(text, draft.Slot(n), v.slots[n])
	}
	return text
}

// enter selects the values for a request: those that the user gave, else those of its innermost folder.
func (v *postmanVariables) enter(e postmanEntry) {
	v.values = map[string]string{}
	for _, p := range e.variables {
		if !p.Disabled {
			v.values[p.Key] = string(p.Value)
		}
	}
	maps.Copy(v.values, v.given)
}

// check returns an error that lists the variables without a value.
func (v *postmanVariables) check() error {
	if len(v.missing) == 0 {
		return nil
	}
	names := slices.Sorted(maps.Keys(v.missing))
	return fmt.Errorf("postman: variables without a value: %s; set each with -e NAME=VALUE", strings.Join(names, ", "))
}
