package importer

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"landfall/loadgen"
	"landfall/loadgen/importer/draft"
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
	_, entries, scripts, err := readPostman(data)
	if err != nil {
		return imported{}, err
	}
	v := &postmanVariables{given: variables, missing: map[string]bool{}}
	i := imported{Spec: loadgen.Spec{Order: "sequence", Duration: duration}}
	if scripts > 0 {
		i.note("left out: scripts of %s, including the variables that they set and the tests", draft.Count(scripts, "request or folder", "requests and folders"))
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
		return imported{}, fmt.Errorf("postman: no request can be imported%s", draft.Notes(i.Notes).First())
	}
	hoistHeaders(&i.Spec)
	if err := script.Check(i.Spec.WithDefaults()); err != nil {
		return imported{}, fmt.Errorf("postman: %w", err)
	}
	return i, nil
}

// addPostman adds a request to the spec.
func (i *imported) addPostman(e postmanEntry, v *postmanVariables, names map[string]int) error {
	v.enter(e)
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
	one.Name = draft.UniqueName(e.name, names)
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
		if strings.HasPrefix(raw, "/") {
			return one, "", fmt.Errorf("its URL %.80q has no host: set the variable with the address of the server (-e NAME=VALUE)", raw)
		}
		raw = "http://" + raw
	}
	u := draft.WebURL(template.EscapeURL(raw))
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
	if one.Body, one.BodyBase64 = loadgen.BodyFields(body); one.BodyBase64 != "" && draft.HoldsSlot(string(body)) {
		return one, "", fmt.Errorf("its body is binary and contains a dynamic variable")
	}
	one.Body = v.template(one.Body)
	for _, setting := range []struct {
		name string
		raw  json.RawMessage
	}{{"proxy", e.Proxy}, {"client certificate", e.Certificate}} {
		if text := string(setting.raw); text != "" && text != "null" && text != "{}" {
			i.note("left out: the %s of %s", setting.name, e.name)
		}
	}
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
	raw := e.URL.text()
	path, query, hasQuery := strings.Cut(raw, "?")
	segments := strings.Split(path, "/")
	for _, p := range e.URL.Variable {
		for i := range segments {
			if key := cmp.Or(p.Key, p.ID); i > 0 && key != "" && segments[i] == ":"+key {
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
		if draft.HoldsSlot(user) {
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
		raw = withParameter(raw, value("key"), value("value"))
	case "oauth2":
		token := value("accessToken")
		if token == "" {
			return "", fmt.Errorf("its authorization is OAuth 2.0 without an access token")
		}
		if value("addTokenTo") == "queryParams" {
			return withParameter(raw, "access_token", token), nil
		}
		prefix, ok := e.auth.Parameters["headerPrefix"]
		if !ok {
			prefix = "Bearer"
		}
		headers.offer("Authorization", strings.TrimSpace(v.fill(prefix)+" "+token))
	default:
		return "", fmt.Errorf("its authorization %q needs several requests or a signature, which is not supported", e.auth.Type)
	}
	return raw, nil
}

// withParameter adds a parameter to a URL.
func withParameter(raw, name, value string) string {
	separator := "?"
	if strings.Contains(raw, "?") {
		separator = "&"
	}
	return raw + separator + url.QueryEscape(name) + "=" + url.QueryEscape(value)
}

// pruned are the methods whose requests Postman sends without a body by default.
var pruned = []string{"GET", "COPY", "HEAD", "PURGE", "UNLOCK"}

// body returns the body as Postman encodes it.
func (e postmanEntry) body(headers importedHeaders, v *postmanVariables) ([]byte, error) {
	b := e.Body
	if b == nil || b.Disabled || !e.keepBody && slices.Contains(pruned, e.method()) {
		return nil, nil
	}
	switch b.Mode {
	case "", "none":
		return nil, nil
	case "raw":
		if b.Raw == "" {
			return nil, nil
		}
		kinds := map[string]string{"json": "application/json", "xml": "application/xml", "html": "text/html", "javascript": "application/javascript"}
		headers.offer("Content-Type", cmp.Or(kinds[b.Options.Raw.Language], "text/plain"))
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
		return b.graphQL(v)
	case "file":
		switch {
		case len(b.File.Src) == 0 && b.File.Content == "":
			return nil, fmt.Errorf("its body is a file that the collection does not name")
		case len(b.File.Src) != 1:
			return []byte(v.fill(b.File.Content)), nil
		}
		return specfile.ReadBounded(b.File.Src[0], loadgen.MaxBody)
	}
	return nil, fmt.Errorf("its body has an unknown mode, %q", b.Mode)
}

// graphQL encodes a GraphQL request.
func (b *postmanBody) graphQL(v *postmanVariables) ([]byte, error) {
	request := map[string]any{"query": v.fill(b.GraphQL.Query)}
	if name := v.fill(string(b.GraphQL.Operation)); name != "" {
		request["operationName"] = name
	}
	text := string(b.GraphQL.Variables)
	if strings.HasPrefix(text, `"`) {
		if err := json.Unmarshal(b.GraphQL.Variables, &text); err != nil {
			return nil, err
		}
	}
	if text = strings.TrimSpace(v.fill(text)); text != "" && text != "null" {
		if !json.Valid([]byte(text)) {
			return nil, fmt.Errorf("its GraphQL variables are not JSON")
		}
		request["variables"] = json.RawMessage(text)
	}
	return json.Marshal(request)
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
