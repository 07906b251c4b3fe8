package importer

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"landfall/loadgen"
	"landfall/loadgen/script"
	"landfall/loadgen/specfile"
	"landfall/loadgen/template"
)

// FromPostman converts a Postman collection (v2.0 or v2.1) to a spec with a sequence of requests: those to the origin of the first one.
// variables are values for {{name}}; they override those of the collection. Scripts are not run. See the package documentation for notes.
func FromPostman(data []byte, variables map[string]string, notes ...func(note string)) (loadgen.Spec, error) {
	i, err := fromPostman(data, variables)
	return i.report(notes), err
}

func fromPostman(data []byte, variables map[string]string) (imported, error) {
	c, entries, scripts, err := readPostman(data)
	if err != nil {
		return imported{}, err
	}
	v := &postmanVariables{values: map[string]string{}, missing: map[string]bool{}}
	for _, p := range c.Variable {
		if !p.Disabled {
			v.values[p.Key] = string(p.Value)
		}
	}
	for name, value := range variables {
		v.values[name] = value
	}
	i := imported{Spec: loadgen.Spec{Order: "sequence", Duration: duration}}
	if scripts > 0 {
		i.note("left out: scripts of %s, including the variables that they set and the tests", plural(scripts, "request or folder", "requests and folders"))
	}
	names := map[string]int{}
	for _, e := range entries {
		if err := i.addPostman(e, v, names); err != nil {
			i.note("left out: %s: %v", e.name, err)
		}
	}
	if err := v.check(); err != nil {
		return imported{}, err
	}
	if len(i.Spec.Requests) == 0 {
		return imported{}, fmt.Errorf("postman: no request can be imported%s", firstOf(i.Notes))
	}
	hoistHeaders(&i.Spec)
	if err := script.Check(i.Spec.WithDefaults()); err != nil {
		return imported{}, fmt.Errorf("postman: %w", err)
	}
	return i, nil
}

// addPostman adds a request to the spec.
func (i *imported) addPostman(e postmanEntry, v *postmanVariables, names map[string]int) error {
	one, origin, err := e.convert(i, v)
	switch {
	case err != nil:
		return err
	case i.Spec.Target == "":
		i.Spec.Target = origin
	case i.Spec.Target != origin:
		return fmt.Errorf("its origin is %s (a spec has one target)", origin)
	case len(i.Spec.Requests) == loadgen.MaxRequests:
		return fmt.Errorf("a spec has at most %d requests", loadgen.MaxRequests)
	}
	one.Name = postmanName(e.name, names)
	if err := script.Check(loadgen.Spec{Target: origin, Duration: duration, Requests: []loadgen.Request{one}}.WithDefaults()); err != nil {
		return err
	}
	i.Spec.Requests = append(i.Spec.Requests, one)
	return nil
}

// convert converts an entry to a request without a name.
func (e postmanEntry) convert(i *imported, v *postmanVariables) (one loadgen.Request, origin string, err error) {
	headers := importedHeaders{}
	for _, h := range e.Header {
		if !h.Disabled {
			headers.add(v.fill(h.Key), v.fill(string(h.Value)))
		}
	}
	raw := v.fill(e.url())
	if raw, err = e.authorize(raw, headers, v); err != nil {
		return one, "", err
	}
	if !schemed().MatchString(raw) {
		raw = "http://" + raw
	}
	u := webURL(template.EscapeURL(raw))
	if u == nil || u.Hostname() == "" {
		return one, "", fmt.Errorf("%.80q is not an http or https URL", raw)
	}
	body, err := e.body(headers, v)
	if err != nil {
		return one, "", err
	}
	headers.offerUser(u.User)
	if one.Headers, err = headers.sent(i); err != nil {
		return one, "", err
	}
	for name, value := range one.Headers {
		one.Headers[name] = v.unslot(value)
	}
	r := harRequest{URL: raw}
	one.Method, one.URL = e.method(), v.unslot(r.pathAndQuery())
	if one.Body, one.BodyBase64 = loadgen.BodyFields(body); one.BodyBase64 != "" && holdsSlot(string(body)) {
		return one, "", fmt.Errorf("its body is binary and contains a dynamic variable")
	}
	one.Body = v.template(one.Body)
	return one, (&url.URL{Scheme: u.Scheme, Host: strings.ToLower(u.Host), Path: "/"}).String(), nil
}

func (e postmanEntry) method() string {
	if e.Method == "" {
		return "GET"
	}
	return strings.ToUpper(e.Method)
}

// url returns the URL with the values of path variables such as :id.
func (e postmanEntry) url() string {
	raw := e.URL.Raw
	path, query, hasQuery := strings.Cut(raw, "?")
	segments := strings.Split(path, "/")
	for _, p := range e.URL.Variable {
		for i := range segments {
			if i > 0 && p.Key != "" && segments[i] == ":"+p.Key {
				segments[i] = string(p.Value)
			}
		}
	}
	if raw = strings.Join(segments, "/"); hasQuery {
		raw += "?" + query
	}
	return raw
}

// authorize adds the authorization of a request to its headers, or to the query of its URL, which is returned.
func (e postmanEntry) authorize(raw string, headers importedHeaders, v *postmanVariables) (string, error) {
	if e.auth == nil {
		return raw, nil
	}
	value := func(name string) string { return v.fill(e.auth.Parameters[name]) }
	switch e.auth.Type {
	case "noauth", "":
	case "basic":
		user := value("username") + ":" + value("password")
		if holdsSlot(user) {
			return "", fmt.Errorf("its user or password contains a dynamic variable")
		}
		headers.offer("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(user)))
	case "bearer":
		headers.offer("Authorization", "Bearer "+value("token"))
	case "apikey":
		if value("in") != "query" {
			headers.offer(value("key"), value("value"))
			break
		}
		separator := "?"
		if strings.Contains(raw, "?") {
			separator = "&"
		}
		raw += separator + url.QueryEscape(value("key")) + "=" + url.QueryEscape(value("value"))
	default:
		return "", fmt.Errorf("its authorization %q needs several requests or a signature, which is not supported", e.auth.Type)
	}
	return raw, nil
}

// body returns the body as Postman encodes it.
func (e postmanEntry) body(headers importedHeaders, v *postmanVariables) ([]byte, error) {
	b := e.Body
	if b == nil || b.Disabled {
		return nil, nil
	}
	switch b.Mode {
	case "", "none":
		return nil, nil
	case "raw":
		if kind := map[string]string{"json": "application/json", "xml": "application/xml", "html": "text/html", "javascript": "application/javascript", "text": "text/plain"}[b.Options.Raw.Language]; kind != "" {
			headers.offer("Content-Type", kind)
		}
		return []byte(v.fill(b.Raw)), nil
	case "urlencoded":
		headers.offer("Content-Type", "application/x-www-form-urlencoded")
		var form []string
		for _, p := range b.URLEncoded {
			if !p.Disabled {
				form = append(form, url.QueryEscape(v.fill(p.Key))+"="+url.QueryEscape(v.fill(string(p.Value))))
			}
		}
		return []byte(strings.Join(form, "&")), nil
	case "formdata":
		return b.parts(headers, v)
	case "graphql":
		headers.offer("Content-Type", "application/json")
		query := map[string]any{"query": v.fill(b.GraphQL.Query)}
		if text := strings.TrimSpace(v.fill(b.GraphQL.Variables)); text != "" {
			if !json.Valid([]byte(text)) {
				return nil, fmt.Errorf("its GraphQL variables are not JSON")
			}
			query["variables"] = json.RawMessage(text)
		}
		return json.Marshal(query)
	case "file":
		if len(b.File.Src) != 1 {
			return []byte(v.fill(b.File.Content)), nil
		}
		return specfile.ReadBounded(b.File.Src[0], loadgen.MaxBody)
	}
	return nil, fmt.Errorf("its body has an unknown mode, %q", b.Mode)
}

// parts encodes a multipart form. Its files are read.
func (b *postmanBody) parts(headers importedHeaders, v *postmanVariables) ([]byte, error) {
	var parts []curlPart
	for _, p := range b.FormData {
		if p.Disabled {
			continue
		}
		part := curlPart{name: v.fill(p.Key), text: v.fill(string(p.Value)), kind: p.ContentType}
		if p.Type == "file" {
			if len(p.Src) != 1 {
				return nil, fmt.Errorf("the part %q of its form has %d files: must be one", p.Key, len(p.Src))
			}
			data, err := specfile.ReadBounded(p.Src[0], loadgen.MaxBody)
			if err != nil {
				return nil, err
			}
			part.text, part.filename = string(data), p.Src[0][strings.LastIndexAny(p.Src[0], `/\`)+1:]
			if part.kind == "" {
				part.kind = formKind(part.filename)
			}
		}
		parts = append(parts, part)
	}
	const kind = "multipart/form-data"
	body, boundary := formBody(parts, kind)
	headers.set("Content-Type", kind+"; boundary="+boundary)
	return []byte(body), nil
}

// postmanName returns a unique name of at most 100 bytes plus a number.
func postmanName(name string, names map[string]int) string {
	for len(name) > 100 {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	if name == "" {
		name = "request"
	}
	if names[name]++; names[name] > 1 {
		return fmt.Sprintf("%s #%d", name, names[name])
	}
	return name
}
