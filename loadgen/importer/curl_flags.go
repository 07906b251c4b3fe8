package importer

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// curlSwitches are the supported options without a value.
var curlSwitches = map[string]func(c *curlCommand, on bool){
	"insecure":              func(c *curlCommand, on bool) { c.tls.Insecure = on },
	"compressed":            func(c *curlCommand, on bool) { c.compressed = on },
	"http1.1":               func(c *curlCommand, on bool) { c.http2, c.upgrade = false, false },
	"http2":                 func(c *curlCommand, on bool) { c.http2, c.upgrade = on, on },
	"http2-prior-knowledge": func(c *curlCommand, on bool) { c.http2, c.upgrade = on, false },
	"head":                  func(c *curlCommand, on bool) { c.head = on },
	"get":                   func(c *curlCommand, on bool) { c.get = on },
	"globoff":               func(c *curlCommand, on bool) { c.globOff = on },
	"path-as-is":            func(c *curlCommand, on bool) { c.pathAsIs = on },
}

// curlValues are the supported options with a value.
var curlValues = map[string]func(*curlCommand, string) error{
	"request":        func(c *curlCommand, v string) error { c.method = v; return nil },
	"header":         (*curlCommand).header,
	"data":           func(c *curlCommand, v string) error { return c.addData(v, true, true) },
	"data-ascii":     func(c *curlCommand, v string) error { return c.addData(v, true, true) },
	"data-binary":    func(c *curlCommand, v string) error { return c.addData(v, true, false) },
	"data-raw":       func(c *curlCommand, v string) error { return c.addData(v, false, false) },
	"data-urlencode": (*curlCommand).addEncoded,
	"json":           func(c *curlCommand, v string) error { c.json = true; return c.addData(v, true, false) },
	"url-query":      (*curlCommand).addQuery,
	"user":           func(c *curlCommand, v string) error { c.user = v; return nil },
	"oauth2-bearer":  func(c *curlCommand, v string) error { c.bearer = v; return nil },
	"user-agent":     func(c *curlCommand, v string) error { c.agent = &v; return nil },
	"referer":        (*curlCommand).setReferer,
	"range":          func(c *curlCommand, v string) error { c.byteRange = v; return nil },
	"cookie":         (*curlCommand).cookie,
	"resolve":        (*curlCommand).addResolve,
	"proxy":          func(c *curlCommand, v string) error { c.proxy = v; return nil },
	"proxy1.0":       func(c *curlCommand, v string) error { c.proxy = v; return nil },
	"proxy-user":     func(c *curlCommand, v string) error { c.proxyUser = v; return nil },
	"noproxy":        func(c *curlCommand, v string) error { c.noProxy = v; return nil },
	"max-time":       (*curlCommand).maxTime,
	"cacert":         func(c *curlCommand, v string) (err error) { c.tls.CA, err = curlPEM(v); return err },
	"cert":           (*curlCommand).setCert,
	"key":            func(c *curlCommand, v string) (err error) { c.tls.Key, err = curlPEM(v); return err },
	"cert-type":      onlyPEM,
	"key-type":       onlyPEM,
	"unix-socket":    func(c *curlCommand, v string) error { c.socket = v; return nil },
	"proto-default":  func(c *curlCommand, v string) error { c.scheme = v; return nil },
	"url":            (*curlCommand).setURL,
	"form":           (*curlCommand).addForm,
	"form-string":    (*curlCommand).addFormString,
	"upload-file":    (*curlCommand).setUpload,
}

// binaryValues are the options whose value need not be valid UTF-8: it becomes part of a body, or it is encoded.
var binaryValues = map[string]bool{
	"data": true, "data-ascii": true, "data-binary": true, "data-raw": true, "data-urlencode": true, "json": true, "url-query": true,
	"form": true, "form-string": true, "url": true, "upload-file": true,
}

func onlyPEM(_ *curlCommand, v string) error {
	if !strings.EqualFold(v, "PEM") {
		return fmt.Errorf("%.20q: must be PEM; convert the file with openssl", v)
	}
	return nil
}

func (c *curlCommand) read(words []string) error {
	for len(words) > 0 {
		word := words[0]
		words = words[1:]
		var err error
		switch {
		case word == "--":
			for _, url := range words {
				if err := c.setURL(url); err != nil {
					return err
				}
			}
			return nil
		case strings.HasPrefix(word, "--"):
			var o curlOption
			var on bool
			if o, on, err = optionByName(word[2:]); err == nil {
				words, err = c.option(o, on, word, words)
			}
		case len(word) > 1 && word[0] == '-':
			words, err = c.short(word[1:], words)
		default:
			err = c.setURL(word)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// short parses a word of short options such as -sXPOST. The last one may be followed by its value.
func (c *curlCommand) short(letters string, words []string) (rest []string, err error) {
	for i := range len(letters) {
		flag := "-" + letters[i:i+1]
		o, known := optionByShort(letters[i])
		if !known {
			return nil, fmt.Errorf("curl: option %q is unknown", flag)
		}
		if !o.takesValue {
			if words, err = c.option(o, true, flag, words); err != nil {
				return nil, err
			}
			continue
		}
		if value := letters[i+1:]; value != "" {
			words = append([]string{value}, words...)
		}
		return c.option(o, true, flag, words)
	}
	return words, nil
}

// option applies one option. Its value is the first of words.
func (c *curlCommand) option(o curlOption, on bool, flag string, words []string) (rest []string, err error) {
	if o.treatment == "refused" && on {
		return nil, fmt.Errorf("curl: option %s: %s", flag, o.why)
	}
	if !o.takesValue {
		switch {
		case o.treatment == "used":
			curlSwitches[o.name](c, on)
		case o.treatment == "noted" && on:
			c.note("curl's %s: %s", flag, o.why)
		}
		return words, nil
	}
	if len(words) == 0 {
		return nil, fmt.Errorf("curl: option %s needs a value", flag)
	}
	switch o.treatment {
	case "used":
		if !utf8.ValidString(words[0]) && !binaryValues[o.name] {
			return nil, fmt.Errorf("curl: option %s: %.60q is not valid UTF-8; only bodies may hold other bytes", flag, words[0])
		}
		if err := curlValues[o.name](c, words[0]); err != nil {
			return nil, fmt.Errorf("curl: option %s: %w", flag, err)
		}
	case "noted":
		c.note("curl's %s: %s", flag, o.why)
	}
	return words[1:], nil
}
