package importer

import (
	"fmt"
	"strings"
)

// curlShort are the long names of curl's short flags.
var curlShort = map[byte]string{
	'X': "request", 'H': "header", 'd': "data", 'u': "user", 'k': "insecure", 'A': "user-agent", 'b': "cookie", 'e': "referer", 'm': "max-time",
	'I': "head", 'G': "get", 'E': "cert", 'r': "range", 's': "silent", 'S': "show-error", 'v': "verbose", 'i': "include", 'f': "fail", 'L': "location",
	'F': "form", 'T': "upload-file", 'o': "output", 'O': "remote-name", 'w': "write-out", '#': "progress-bar", 'N': "no-buffer", 'g': "globoff", '4': "ipv4", '6': "ipv6",
}

// curlIgnored are flags that change nothing of the request; true: a value follows.
var curlIgnored = map[string]bool{
	"silent": false, "show-error": false, "verbose": false, "include": false, "fail": false, "fail-with-body": false, "location": false,
	"output": true, "remote-name": false, "write-out": true, "progress-bar": false, "no-progress-meter": false, "no-buffer": false, "globoff": false,
	"http1.1": false, "tlsv1.2": false, "tlsv1.3": false, "ipv4": false, "ipv6": false, "connect-timeout": true, "path-as-is": false, "max-redirs": true,
	"no-keepalive": false, "retry": true, "basic": false,
}

// curlSwitches are flags without a value.
var curlSwitches = map[string]func(*curlCommand){
	"insecure":              func(c *curlCommand) { c.tls.Insecure = true },
	"compressed":            func(c *curlCommand) { c.headers.offer("Accept-Encoding", "deflate, gzip, br, zstd") },
	"http2":                 func(c *curlCommand) { c.http2 = true },
	"http2-prior-knowledge": func(c *curlCommand) { c.http2 = true },
	"head":                  func(c *curlCommand) { c.head = true },
	"get":                   func(c *curlCommand) { c.get = true },
}

// curlValues are flags with a value.
var curlValues = map[string]func(*curlCommand, string) error{
	"request":        func(c *curlCommand, v string) error { c.method = v; return nil },
	"header":         (*curlCommand).header,
	"data":           func(c *curlCommand, v string) error { return c.addData(v, true, true) },
	"data-ascii":     func(c *curlCommand, v string) error { return c.addData(v, true, true) },
	"data-binary":    func(c *curlCommand, v string) error { return c.addData(v, true, false) },
	"data-raw":       func(c *curlCommand, v string) error { return c.addData(v, false, false) },
	"data-urlencode": (*curlCommand).addEncoded,
	"json":           func(c *curlCommand, v string) error { c.json = true; return c.addData(v, true, false) },
	"user":           func(c *curlCommand, v string) error { c.user = v; return nil },
	"oauth2-bearer":  func(c *curlCommand, v string) error { c.headers.set("Authorization", "Bearer "+v); return nil },
	"user-agent":     func(c *curlCommand, v string) error { c.headers.set("User-Agent", v); return nil },
	"referer": func(c *curlCommand, v string) error {
		c.headers.set("Referer", strings.TrimSuffix(v, ";auto"))
		return nil
	},
	"range":  func(c *curlCommand, v string) error { c.headers.set("Range", "bytes="+v); return nil },
	"cookie": (*curlCommand).cookie,
	"resolve": func(c *curlCommand, v string) error {
		c.resolve = append(c.resolve, strings.TrimPrefix(v, "+"))
		return nil
	},
	"max-time":    (*curlCommand).maxTime,
	"cacert":      func(c *curlCommand, v string) (err error) { c.tls.CA, err = curlPEM(v); return err },
	"cert":        func(c *curlCommand, v string) (err error) { c.tls.Cert, err = curlPEM(v); return err },
	"key":         func(c *curlCommand, v string) (err error) { c.tls.Key, err = curlPEM(v); return err },
	"unix-socket": func(c *curlCommand, v string) error { c.socket = v; return nil },
	"url":         (*curlCommand).setURL,
	"form":        (*curlCommand).addForm,
	"form-string": (*curlCommand).addFormString,
	"upload-file": (*curlCommand).setUpload,
}

func (c *curlCommand) read(words []string) error {
	for len(words) > 0 {
		word := words[0]
		words = words[1:]
		var err error
		switch {
		case word == "--":
			continue
		case strings.HasPrefix(word, "--"):
			words, err = c.long(word[2:], "--"+word[2:], words)
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

// short reads flags such as -sXPOST: several in one word, the last perhaps with its value.
func (c *curlCommand) short(letters string, words []string) (rest []string, err error) {
	for i := range len(letters) {
		flag := "-" + letters[i:i+1]
		name, known := curlShort[letters[i]]
		if !known {
			return nil, fmt.Errorf("curl: flag %q is not understood", flag)
		}
		if curlValues[name] == nil && !curlIgnored[name] {
			if _, err := c.long(name, flag, nil); err != nil {
				return nil, err
			}
			continue
		}
		if value := letters[i+1:]; value != "" {
			words = append([]string{value}, words...)
		}
		return c.long(name, flag, words)
	}
	return words, nil
}

// long reads one flag, and its value from the words that follow.
func (c *curlCommand) long(name, flag string, words []string) (rest []string, err error) {
	if turn := curlSwitches[name]; turn != nil {
		turn(c)
		return words, nil
	}
	set := curlValues[name]
	takes, ignored := curlIgnored[name]
	switch {
	case set == nil && !ignored:
		return nil, fmt.Errorf("curl: flag %q is not understood", flag)
	case set == nil && !takes:
		return words, nil
	case len(words) == 0:
		return nil, fmt.Errorf("curl: flag %s needs a value", flag)
	case set == nil:
		return words[1:], nil
	}
	if err := set(c, words[0]); err != nil {
		return nil, fmt.Errorf("curl: flag %s: %w", flag, err)
	}
	return words[1:], nil
}
