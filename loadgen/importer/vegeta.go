package importer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"landfall/loadgen"
	"landfall/loadgen/field"
	"landfall/loadgen/importer/draft"
	"landfall/loadgen/script"
	"landfall/loadgen/specfile"
	"landfall/loadgen/template"
)

// maxVegeta is the maximum size of a targets file, in bytes.
const maxVegeta = 16 << 20

// vegetaTarget is one request of a targets file, as in its JSON format.
type vegetaTarget struct {
	Method string      `json:"method"`
	URL    string      `json:"url"`
	Body   []byte      `json:"body"`
	Header http.Header `json:"header"`

	line int // in the file, from 1
}

// FromVegeta converts a targets file of vegeta, in its http or json format, to a spec with a sequence of requests: those to the origin of
// the first one. Files named with @ are read. See the package documentation for notes.
func FromVegeta(data []byte, notes ...func(note string)) (loadgen.Spec, error) {
	i, err := fromVegeta(data)
	return i.report(notes), err
}

func fromVegeta(data []byte) (imported, error) {
	if len(data) > maxVegeta {
		return imported{}, fmt.Errorf("vegeta: the file has %d bytes: must be at most %d", len(data), maxVegeta)
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	read := readTargets
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
		read = readJSONTargets
	}
	targets, err := read(data)
	if err != nil {
		return imported{}, err
	}
	if len(targets) == 0 {
		return imported{}, fmt.Errorf("vegeta: the file has no target, such as GET http://127.0.0.1:8080/ping")
	}
	i := imported{Spec: loadgen.Spec{Order: "sequence", Duration: duration}}
	names := map[string]int{}
	for _, t := range targets {
		if err := i.addTarget(t, names); err != nil {
			return imported{}, fmt.Errorf("vegeta: line %d: %w", t.line, err)
		}
	}
	hoistHeaders(&i.Spec)
	if err := script.Check(i.Spec.WithDefaults()); err != nil {
		return imported{}, fmt.Errorf("vegeta: %w", err)
	}
	return i, nil
}

func (i *imported) addTarget(t vegetaTarget, names map[string]int) error {
	u := draft.WebURL(t.URL)
	if u == nil {
		return fmt.Errorf("%.80q: must be an http or https URL", t.URL)
	}
	if u.Hostname() == "" { // http://:8080
		u.Host = "localhost" + u.Host
	}
	origin := (&url.URL{Scheme: u.Scheme, Host: strings.ToLower(u.Host), Path: "/"}).String()
	switch {
	case i.Spec.Target == "":
		i.Spec.Target = origin
	case i.Spec.Target != origin:
		i.note("left out: requests to %s (a spec has one target)", origin)
		return nil
	case len(i.Spec.Requests) == loadgen.MaxRequests:
		i.note("left out: requests beyond the first %d", loadgen.MaxRequests)
		return nil
	}
	headers := importedHeaders{}
	for name, values := range t.Header {
		headers.set(name, values...)
	}
	headers.offerUser(u.User)
	sent, err := headers.sent(i)
	if err != nil {
		return err
	}
	r := harRequest{Method: t.Method, URL: t.URL}
	one := loadgen.Request{Name: harName(t.Method, u, names), Method: t.Method, URL: r.pathAndQuery(), Headers: sent}
	one.Body, one.BodyBase64 = loadgen.BodyFields(t.Body)
	one.Body = template.Literal(one.Body)
	i.Spec.Requests = append(i.Spec.Requests, one)
	return nil
}

// methodLine is the first line of a target.
var methodLine = field.Pattern(`^([A-Z]+)\s+(\S.*)$`)

// readTargets parses the http format: a line with method and URL, header lines, and @ with the file name of the body.
func readTargets(data []byte) ([]vegetaTarget, error) {
	var targets []vegetaTarget
	open := false // the last target may still get headers and a body
	for n, line := range strings.Split(string(data), "\n") {
		line = strings.TrimSpace(line)
		fail := func(format string, args ...any) ([]vegetaTarget, error) {
			return nil, fmt.Errorf("vegeta: line %d: %w", n+1, fmt.Errorf(format, args...))
		}
		name, value, isHeader := strings.Cut(line, ":")
		switch start := methodLine().FindStringSubmatch(line); {
		case strings.HasPrefix(line, "#"):
		case line == "":
			open = false
		case start != nil:
			targets = append(targets, vegetaTarget{Method: start[1], URL: start[2], Header: http.Header{}, line: n + 1})
			open = true
		case !open:
			return fail("%.60q: must be a method and a URL, such as GET http://127.0.0.1:8080/ping", line)
		case strings.HasPrefix(line, "@"):
			body, err := specfile.ReadBounded(line[1:], loadgen.MaxBody)
			if err != nil {
				return fail("%w", err)
			}
			targets[len(targets)-1].Body, open = body, false
		case isHeader:
			h := targets[len(targets)-1].Header
			h[strings.TrimSpace(name)] = append(h[strings.TrimSpace(name)], strings.TrimSpace(value))
		default:
			return fail("%.60q: must be a header, such as Name: value, or @ and a file name", line)
		}
	}
	return targets, nil
}

// readJSONTargets parses the json format: one object per line, with the body in base64.
func readJSONTargets(data []byte) ([]vegetaTarget, error) {
	var targets []vegetaTarget
	for n, line := range bytes.Split(data, []byte("\n")) {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		t := vegetaTarget{Method: http.MethodGet, line: n + 1}
		if err := json.Unmarshal(line, &t); err != nil {
			return nil, atLine(n+1, field.JSON("vegeta", line, err))
		}
		targets = append(targets, t)
	}
	return targets, nil
}

// atLine moves the position of an error about one line of a file to that line.
func atLine(n int, err error) error {
	var at *field.FileError
	if errors.As(err, &at) {
		at.Line, at.Column = n, max(at.Column, 1)
	}
	return err
}
