package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"landfall/cli/connect"
	"landfall/cli/exit"
	"landfall/node"
	"landfall/node/sign"
)

type keyCmd struct {
	New    keyNewCmd    `cmd:"" help:"Create a private key; print its public key."`
	Show   keyShowCmd   `cmd:"" help:"Print the public key of a private key."`
	Trust  keyTrustCmd  `cmd:"" help:"Add a key to a fleet's ring; the first creates the ring."`
	Revoke keyRevokeCmd `cmd:"" help:"Revoke keys of a fleet's ring and stop their runs."`
	Root   keyRootCmd   `cmd:"" help:"Replace the root key that signs a fleet's ring."`
	Ring   keyRingCmd   `cmd:"" help:"Verify and list a fleet's ring."`

	Publish keyPublishCmd `cmd:"" help:"Publish a fleet's ring on Kafka; running processes install it."`
}

type keyNewCmd struct {
	File string `arg:"" help:"File to create, such as ann.key; only you can read it."`
}

func (c *keyNewCmd) Run() error {
	k := sign.NewKey()
	if err := k.Save(c.File); err != nil {
		return &exit.UsageError{Err: err}
	}
	fmt.Println(k.Public())
	fmt.Fprintf(os.Stderr, "the private key is in %s: keep it secret; trust it with: landfall key trust NAME %s --role ROLE\n", c.File, c.File)
	return nil
}

type keyShowCmd struct {
	File string `arg:"" help:"File of a private key, or agent:NAME for one in the ssh-agent."`
}

func (c *keyShowCmd) Run() error {
	k, err := connect.LoadKey(c.File)
	if err != nil {
		return &exit.UsageError{Err: err}
	}
	fmt.Println(k.Public())
	return nil
}

// ringFlags name a ring to change and the key that signs it.
type ringFlags struct {
	Ring string `default:"fleet.keys" placeholder:"FILE" help:"Key ring of the fleet (fleet.keys)."`
	Root string `default:"root.key" placeholder:"FILE" help:"Private key that signs the ring (root.key), or agent:NAME; it can stay offline."`
}

// load reads both files. With create, a missing ring is created for a new fleet.
func (f ringFlags) load(create bool) (*sign.Ring, *sign.Key, error) {
	root, err := connect.LoadKey(f.Root)
	if err != nil {
		return nil, nil, fmt.Errorf("--root: %w", err)
	}
	ring, err := sign.LoadRing(f.Ring)
	if create && errors.Is(err, fs.ErrNotExist) {
		return sign.NewRing(root), root, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("--ring: %w", err)
	}
	return ring, root, nil
}

// change writes the ring's next version.
func (f ringFlags) change(create bool, newRoot *sign.Key, change func(*[]sign.Member) error) error {
	ring, root, err := f.load(create)
	if err == nil {
		ring, err = ring.Next(root, newRoot, change)
	}
	if err != nil {
		return &exit.UsageError{Err: err}
	}
	if err := ring.Save(f.Ring); err != nil {
		return err
	}
	fmt.Printf("%s: version %d of fleet %s\n", f.Ring, ring.Version, ring.Fleet)
	fmt.Fprintln(os.Stderr, "bring it to the fleet: `landfall key publish` reaches every running process; or copy it to their --fleet-keys files")
	return nil
}

type keyTrustCmd struct {
	Flags   ringFlags `embed:""`
	Name    string    `arg:"" help:"Owner of the key: a person, or a driver's --name."`
	Key     string    `arg:"" help:"Public key, a file with the public or private key, or agent:NAME."`
	Role    string    `required:"" enum:"operator,viewer,driver" help:"operator, viewer or driver."`
	Target  []string  `placeholder:"HOST|CIDR[:PORT]" help:"Target an operator may load (any); repeatable."`
	MaxRate float64   `name:"max-rate" placeholder:"RPS" help:"Maximum requests per second of an operator, fleet total (no limit)."`
	Until   string    `placeholder:"TIME" help:"Expiry of the key, such as 2027-01-31 (never)."`
}

func (c *keyTrustCmd) Run() error {
	m := sign.Member{Signer: node.Signer{Name: c.Name, Role: node.Role(c.Role), Targets: c.Target, MaxRateRPS: c.MaxRate}}
	var err error
	if m.Public, err = publicKey(c.Key); err != nil {
		return &exit.UsageError{Err: err}
	}
	if c.Until != "" {
		if m.Until, err = sign.ParseUntil(c.Until); err != nil {
			return &exit.UsageError{Err: fmt.Errorf("--until %w", err)}
		}
		if m.Until.Before(time.Now()) {
			return &exit.UsageError{Err: fmt.Errorf("--until %s: is in the past", c.Until)}
		}
	}
	return c.Flags.change(true, nil, sign.Trust(m))
}

// publicKey parses a public key, or reads one from a file, or derives it from the private key in a file.
func publicKey(text string) (sign.Public, error) {
	p, wrong := sign.ParsePublic(text)
	if wrong == nil {
		return p, nil
	}
	if connect.InAgent(text) {
		k, err := connect.LoadKey(text)
		if err != nil {
			return p, err
		}
		return k.Public(), nil
	}
	content, err := os.ReadFile(text)
	if err != nil {
		return p, fmt.Errorf("key %q: neither a public key nor a file (%w)", text, err)
	}
	if k, err := sign.ParseKey(string(content)); err == nil {
		return k.Public(), nil
	}
	if p, err = sign.ParsePublic(strings.TrimSpace(string(content))); err != nil {
		return p, fmt.Errorf("key file %s: holds neither a public nor a private key of landfall", text)
	}
	return p, nil
}

type keyRevokeCmd struct {
	Flags ringFlags `embed:""`
	Key   string    `arg:"" help:"Owner whose keys to revoke, or one public key."`
}

func (c *keyRevokeCmd) Run() error {
	return c.Flags.change(false, nil, sign.Revoke(c.Key, time.Now()))
}

type keyRootCmd struct {
	Flags ringFlags `embed:""`
	File  string    `arg:"" help:"New private root key; the old one also signs the change."`
}

func (c *keyRootCmd) Run() error {
	k, err := connect.LoadKey(c.File)
	if err != nil {
		return &exit.UsageError{Err: err}
	}
	return c.Flags.change(false, k, nil)
}

type keyRingCmd struct {
	Ring string `arg:"" optional:"" default:"fleet.keys" help:"Key ring of the fleet (fleet.keys)."`
}

func (c *keyRingCmd) Run() error {
	r, err := sign.LoadRing(c.Ring)
	if err != nil {
		return &exit.UsageError{Err: err}
	}
	listRing(os.Stdout, r, time.Now())
	return nil
}

// listRing writes one line per key.
func listRing(w io.Writer, r *sign.Ring, now time.Time) {
	fmt.Fprintf(w, "fleet %s, version %d, root key %s\n", r.Fleet, r.Version, r.Root.Short())
	for i := range r.Members {
		m := &r.Members[i]
		limits := ""
		if len(m.Targets) > 0 {
			limits += ", targets " + strings.Join(m.Targets, " ")
		}
		if m.MaxRateRPS > 0 {
			limits += fmt.Sprintf(", at most %.6g requests/s", m.MaxRateRPS)
		}
		if !m.Until.IsZero() {
			limits += ", until " + m.Until.Format(time.RFC3339)
		}
		state := "valid" + limits
		if err := m.Valid(now); err != nil {
			state = err.Error()
		}
		fmt.Fprintf(w, "%-8s  %-20s  %s  %s\n", m.Role, m.Name, m.Short(), state)
	}
}

// keyPublishCmd sends a ring to all processes of its fleet. It needs no private key: the ring is signed.
type keyPublishCmd struct {
	Kafka connect.Flags `embed:"" group:"Kafka"`
}

// defaultRing is the default ring file of all commands that change or list rings.
const defaultRing = "fleet.keys"

// publishTimeout limits reading the published rings and appending one.
const publishTimeout = 20 * time.Second

func (c *keyPublishCmd) Run(a *app) error {
	file := c.Kafka.Keys.Ring
	if file == "" {
		file = defaultRing
	}
	ring, err := sign.LoadRing(file)
	if err != nil {
		return &exit.UsageError{Err: fmt.Errorf("--fleet-keys: %w", err)}
	}
	ctx := interrupted()
	bus, err := connect.Open(ctx, c.Kafka, a.Data, a.quietLog(), connect.Notice)
	if err != nil {
		return err
	}
	defer bus.Close()
	ctx, cancel := context.WithTimeout(ctx, publishTimeout)
	defer cancel()
	if err := ring.Publish(ctx, bus); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	fmt.Printf("published version %d of fleet %s to topic %s%s; running processes install it within a second\n", ring.Version, ring.Fleet, bus.Prefix(), node.TopicKeys)
	return nil
}
