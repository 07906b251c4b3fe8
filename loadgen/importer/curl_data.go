package importer

import (
	"fmt"
	"net/url"
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
	i := strings.IndexAny(v, "=@")
	if i < 0 {
		c.data = append(c.data, url.QueryEscape(v))
		return nil
	}
	name, text := v[:i], v[i+1:]
	if v[i] == '@' {
		var err error
		if text, err = curlFile(text, loadgen.MaxBody); err != nil {
			return err
		}
	}
	if name != "" {
		name += "="
	}
	c.data = append(c.data, name+url.QueryEscape(text))
	return nil
}

// setUpload takes the file that -T sends.
func (c *curlCommand) setUpload(name string) (err error) {
	if c.upload != "" {
		return fmt.Errorf("%.60q: one file is enough, and it is %.60q", name, c.upload)
	}
	c.upload = name
	c.uploaded, err = curlFile(name, loadgen.MaxBody)
	return err
}

func curlFile(name string, most int) (string, error) {
	if name == "-" {
		return "", fmt.Errorf("standard input cannot be read here: name a file")
	}
	data, err := specfile.ReadBounded(name, most)
	return string(data), err
}

func curlPEM(name string) (string, error) {
	text, err := curlFile(name, specfile.MaxPEM)
	if err == nil && !utf8.ValidString(text) {
		err = fmt.Errorf("%s: not a text in UTF-8", name)
	}
	return text, err
}
