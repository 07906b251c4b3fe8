package specflags

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"landfall/cli/exit"
	"landfall/loadgen"
	"landfall/loadgen/field"
)

// method returns a standard method in upper case, as servers expect it, and any other as it is.
func method(text string) string {
	upper := strings.ToUpper(text)
	if slices.Contains([]string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"}, upper) {
		return upper
	}
	return text
}

// body resolves -d and -D to a text or a file name: @FILE becomes a file name, and standard input is read into the text.
func (f Flags) body(stdin io.Reader, specIsStdin bool) (text, file *string, err error) {
	text, file = f.Body, f.BodyFile
	if text != nil && file != nil {
		return nil, nil, &field.Error{Field: "body", Want: "give -d or -D, not both"}
	}
	if text != nil {
		if name, isFile := strings.CutPrefix(*text, "@"); isFile && name != "" {
			text, file = nil, &name
		} else if _, err := time.ParseDuration(*text); err == nil {
			f.note(fmt.Sprintf("-d %s is a request body; the duration is -z %s", *text, *text))
		}
	}
	if file == nil || *file != "-" {
		return text, file, nil
	}
	if specIsStdin {
		return nil, nil, errors.New("standard input: cannot hold both the spec and the request body")
	}
	data, err := io.ReadAll(io.LimitReader(stdin, loadgen.MaxBody+1))
	if err != nil {
		return nil, nil, fmt.Errorf("-D -: %w", err)
	}
	read := string(data)
	return &read, nil, nil
}

// authorization returns the value of the header for -u. It is an error if headers, the names given by -H, contain it.
func (f Flags) authorization(headers []string) (string, error) {
	if !strings.Contains(*f.User, ":") {
		return "", errors.New("-u: must be USER:PASSWORD")
	}
	if slices.ContainsFunc(headers, func(n string) bool { return strings.EqualFold(n, "Authorization") }) {
		return "", errors.New("-u: give either -u or -H 'Authorization: …', not both")
	}
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(*f.User)), nil
}

func (f Flags) note(text string) {
	if f.Note != nil {
		f.Note(text)
	}
}

// layHeaders sets the headers given by flags, replacing those of a spec file with the same name (ignoring case). The values of a repeated
// header are joined.
func (f Flags) layHeaders(s *loadgen.Spec) error {
	var names []string // as first typed
	values := map[string][]string{}
	for _, h := range f.Header {
		name, value, ok := strings.Cut(h, ":")
		if !ok {
			return &field.Error{Field: "headers", Value: fmt.Sprintf("%q", h), Want: "must be like 'Name: value'"}
		}
		name = strings.TrimSpace(name)
		if strings.EqualFold(name, "Content-Length") || strings.EqualFold(name, "Transfer-Encoding") {
			return &field.Error{Field: "headers." + name, Value: fmt.Sprintf("%q", h), Want: "must be left out: it is computed from the body"}
		}
		if i := slices.IndexFunc(names, func(n string) bool { return strings.EqualFold(n, name) }); i >= 0 {
			name = names[i]
		} else {
			names = append(names, name)
		}
		values[name] = append(values[name], strings.TrimSpace(value))
	}
	if f.User != nil {
		value, err := f.authorization(names)
		if err != nil {
			return err
		}
		names, values["Authorization"] = append(names, "Authorization"), []string{value}
	}
	for _, name := range names {
		value, ok := loadgen.JoinHeader(name, values[name])
		if !ok {
			return &field.Error{Field: "headers." + name, Value: name, Want: fmt.Sprintf("is given %d times, but a request can have it only once", len(values[name]))}
		}
		if s.Headers == nil {
			s.Headers = map[string]string{}
		}
		maps.DeleteFunc(s.Headers, func(have, _ string) bool { return strings.EqualFold(have, name) })
		s.Headers[name] = value
	}
	return nil
}

func (f Flags) layBody(s *loadgen.Spec) error {
	if f.BodyFile == nil {
		return nil
	}
	data, err := os.ReadFile(*f.BodyFile)
	if err != nil {
		return exit.Unread("-D", err)
	}
	s.SetBody(data)
	return nil
}
