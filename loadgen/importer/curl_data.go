package importer

import (
	"fmt"
	"net/url"
	"os"
	"strings"
	"unicode/utf8"

	"landfall/loadgen"
	"landfall/loadgen/specfile"
)

// addData appends to the body. With files, @name reads a file; with form, its line breaks are removed.
func (c *curlCommand) addData(v string, files, form bool) error {
	if name, isFile := strings.CutPrefix(v, "@"); isFile && files {
		text, err := curlFile(name, loadgen.MaxBody)
		if err != nil {
			return err
		}
		if v = text; form {
			v = strings.NewReplacer("\r", "", "\n", "", "\x00", "").Replace(v)
		}
	}
	c.data = append(c.data, v)
	return nil
}

// addEncoded appends the argument of --data-urlencode to the body: content, =content, name=content, @file or name@file.
func (c *curlCommand) addEncoded(v string) error {
	text, err := encoded(v)
	c.data = append(c.data, text)
	return err
}

// addQuery appends the argument of --url-query to the query. It is encoded as in addEncoded, unless it starts with "+".
func (c *curlCommand) addQuery(v string) error {
	text, verbatim := strings.CutPrefix(v, "+")
	if !verbatim {
		var err error
		if text, err = encoded(v); err != nil {
			return err
		}
	}
	c.query = append(c.query, text)
	return nil
}

func encoded(v string) (string, error) {
	i := strings.IndexAny(v, "=@")
	if i < 0 {
		return url.QueryEscape(v), nil
	}
	name, text := v[:i], v[i+1:]
	if v[i] == '@' {
		var err error
		if text, err = curlFile(text, loadgen.MaxBody); err != nil {
			return "", err
		}
	}
	if name != "" {
		name += "="
	}
	return name + url.QueryEscape(text), nil
}

// setUpload reads the file of --upload-file.
func (c *curlCommand) setUpload(name string) (err error) {
	switch {
	case c.upload != "":
		return fmt.Errorf("%.60q: there must be one file, and it is %.60q", name, c.upload)
	case !c.globOff && strings.ContainsAny(name, "{}[]"):
		return fmt.Errorf("%.60q: curl expands brackets and braces to several files; use -g before it", name)
	}
	c.upload = name
	c.uploaded, err = curlFile(name, loadgen.MaxBody)
	return err
}

// setCert reads a certificate, and its key if the file holds one and --key is not given.
func (c *curlCommand) setCert(name string) (err error) {
	if file, _, found := strings.Cut(name, ":"); found {
		if _, err := os.Stat(name); err != nil {
			return fmt.Errorf("%.60q: pass phrases are not supported; decrypt the key first", file)
		}
	}
	c.tls.Cert, err = curlPEM(name)
	if c.tls.Key == "" && strings.Contains(c.tls.Cert, "PRIVATE KEY-----") {
		c.tls.Key = c.tls.Cert
	}
	return err
}

func curlFile(name string, most int) (string, error) {
	if name == "-" || name == "." {
		return "", fmt.Errorf("standard input cannot be imported: use a file")
	}
	data, err := specfile.ReadBounded(name, most)
	return string(data), err
}

func curlPEM(name string) (string, error) {
	text, err := curlFile(name, specfile.MaxPEM)
	if err == nil && !utf8.ValidString(text) {
		err = fmt.Errorf("%s: not valid UTF-8", name)
	}
	return text, err
}
