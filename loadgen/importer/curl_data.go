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

// addData adds to the body: "@file" is read where files are allowed, without its line breaks when it is a form.
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

// addEncoded adds to the body what curl's manual calls content, =content, name=content, @file and name@file.
func (c *curlCommand) addEncoded(v string) error {
	text, err := encoded(v)
	c.data = append(c.data, text)
	return err
}

// addQuery adds to the URL's query what addEncoded adds to the body, or after a "+" a text as it is.
func (c *curlCommand) addQuery(v string) error {
	text, asItIs := strings.CutPrefix(v, "+")
	if !asItIs {
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

// setUpload takes the file that -T sends.
func (c *curlCommand) setUpload(name string) (err error) {
	switch {
	case c.upload != "":
		return fmt.Errorf("%.60q: one file is enough, and it is %.60q", name, c.upload)
	case !c.globOff && strings.ContainsAny(name, "{}[]"):
		return fmt.Errorf("%.60q: curl makes several files of brackets and braces; use -g before it", name)
	}
	c.upload = name
	c.uploaded, err = curlFile(name, loadgen.MaxBody)
	return err
}

// setCert takes a certificate, and its key if the file has one and --key names no other.
func (c *curlCommand) setCert(name string) (err error) {
	if file, _, found := strings.Cut(name, ":"); found {
		if _, err := os.Stat(name); err != nil {
			return fmt.Errorf("%.60q: a spec has no pass phrases; decrypt the key first", file)
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
		return "", fmt.Errorf("standard input cannot be read here: name a file")
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
