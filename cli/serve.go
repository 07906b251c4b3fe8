package cli

import (
	"crypto/tls"
	"errors"
	"fmt"
	"os"
	"strings"

	"landfall/cli/connect"
	"landfall/cli/exit"
	"landfall/node/gateway"
	"landfall/node/gateway/access"
	"landfall/node/orchestrator"
)

type serveCmd struct {
	Life      lifeFlags     `embed:""`
	Kafka     connect.Flags `embed:"" group:"Kafka"`
	Listen    string        `default:"127.0.0.1:8090" placeholder:"HOST:PORT" help:"Listen address (127.0.0.1:8090); beyond loopback it needs --token-file."`
	Host      []string      `placeholder:"NAME" help:"Additional host name that browsers may use; repeatable."`
	TokenFile string        `name:"token-file" placeholder:"FILE" help:"Users: one line each of name, role (viewer or operator) and token."`
	MakeToken bool          `name:"make-tokens" help:"Create --token-file with one operator token if it does not exist, and print the token."`
	TLSCert   string        `name:"tls-cert" placeholder:"FILE" help:"PEM certificate; reloaded when it changes."`
	TLSKey    string        `name:"tls-key" placeholder:"FILE" help:"PEM private key of --tls-cert."`
	Proxies   []string      `name:"trusted-proxy" placeholder:"ADDRESS|CIDR" help:"Reverse proxy whose X-Forwarded-For header is trusted; repeatable."`
}

func (c *serveCmd) Run(a *app) error {
	if err := listens(c.Listen); err != nil {
		return err
	}
	if err := c.makeTokens(); err != nil {
		return err
	}
	if err := c.checkFiles(); err != nil {
		return &exit.UsageError{Err: err}
	}
	ctx := until(c.Life.ending("stopping; press Ctrl-C again to quit at once"))
	return a.conductLogged(ctx, c.Kafka, a.log(), func(o *orchestrator.Orchestrator) error {
		g, err := gateway.New(o, gateway.Config{
			Listen: c.Listen, Hosts: c.Host, TokenFile: c.TokenFile, TLSCert: c.TLSCert, TLSKey: c.TLSKey, Proxies: c.Proxies, Version: a.version, Log: a.log(),
		})
		if err != nil {
			return &exit.UsageError{Err: notBound(err, c.Listen)}
		}
		fmt.Println(g.Addr())
		scheme := "http"
		if c.TLSCert != "" {
			scheme = "https"
		}
		fmt.Fprintf(os.Stderr, "web page: %s://%s/ · API description: /api/v1/openapi.json\n", scheme, g.Addr())
		return g.Run(ctx)
	})
}

// checkFiles reports files that cannot be used, before the broker is connected to.
func (c *serveCmd) checkFiles() error {
	if c.TokenFile != "" {
		if _, err := os.ReadFile(c.TokenFile); err != nil {
			return exit.Unread("--token-file", err)
		}
	}
	if c.TLSCert == "" || c.TLSKey == "" {
		return nil // the gateway refuses one without the other
	}
	if _, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey); err != nil {
		return fmt.Errorf("--tls-cert %s, --tls-key %s: must be a PEM certificate and its private key: %s", c.TLSCert, c.TLSKey, strings.TrimPrefix(err.Error(), "tls: "))
	}
	return nil
}

// makeTokens creates the token file if it does not exist.
func (c *serveCmd) makeTokens() error {
	if !c.MakeToken {
		return nil
	}
	if c.TokenFile == "" {
		return &exit.UsageError{Err: errors.New("--make-tokens: needs --token-file")}
	}
	token, err := access.MakeTokens(c.TokenFile)
	if err != nil {
		return &exit.UsageError{Err: err}
	}
	if token != "" {
		fmt.Fprintf(os.Stderr, "wrote %s; operator token: %s\n", c.TokenFile, token)
	}
	return nil
}
