package specflags

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

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

// body returns the text of the request body given by -d or -D, or the data of a file: that of -D FILE or -d @FILE. Standard input is text.
func (f Flags) body(stdin io.Reader, specIsStdin bool) (text *string, data []byte, err error) {
	switch {
	case f.Body != nil && f.BodyFile != nil:
		return nil, nil, &field.Error{Field: "body", Want: "give -d or -D, not both"}
	case f.BodyFile != nil:
		return f.bodyFrom(*f.BodyFile, *f.BodyFile, stdin, specIsStdin)
	case f.Body == nil:
		return nil, nil, nil
	}
	if name, isFile := strings.CutPrefix(*f.Body, "@"); isFile && name != "" {
		return f.bodyFrom(name, *f.Body, stdin, specIsStdin)
	}
	if _, err := time.ParseDuration(*f.Body); err == nil {
		f.note(fmt.Sprintf("-d %s is a request body; the duration is -z %s", *f.Body, *f.Body))
	}
	return f.Body, nil, nil
}

// bodyFrom reads the body from a file or, for "-", from standard input. typed is the value of the flag, by which errors name it.
func (f Flags) bodyFrom(name, typed string, stdin io.Reader, specIsStdin bool) (text *string, data []byte, err error) {
	in := stdin
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, nil, unreadBody(typed, err)
		}
		defer file.Close()
		in = file
	} else if specIsStdin {
		return nil, nil, errors.New("standard input: cannot hold both the spec and the request body")
	}
	data, err = io.ReadAll(io.LimitReader(in, loadgen.MaxBody+1))
	switch {
	case err != nil:
		return nil, nil, unreadBody(typed, err)
	case len(data) > loadgen.MaxBody:
		return nil, nil, &field.Error{Field: "body", Value: typed, Want: fmt.Sprintf("must be at most %d bytes", loadgen.MaxBody)}
	case name != "-":
		return nil, data, nil
	}
	read := string(data)
	return &read, nil, nil
}

func unreadBody(typed string, err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return &field.Error{Field: "body", Value: typed, Want: err.Error()}
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
