package sshfleet

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"landfall/cli/connect"
	"landfall/cli/environ"
	"landfall/cli/exit"
	"landfall/node"
	"landfall/node/remote"
	"landfall/node/remote/hosts"
)

// prepare creates and stores the plan, unless the fleet is already up.
func (c *upCmd) prepare(ctx context.Context, w *World, s remote.Store) (p remote.Plan, err error) {
	if pid, yes := supervisor(s); yes {
		return p, fmt.Errorf("fleet %s: is up already, supervised by process %d: stop it with landfall fleet down", c.Fleet, pid)
	}
	if p, err = c.plan(ctx, w, s); err != nil {
		return p, err
	}
	states, err := s.States()
	if err != nil {
		return p, err
	}
	if left := forgotten(states, p.Hosts); left != "" {
		return p, fmt.Errorf("fleet %s: drivers may be left on %s, which is not among these hosts: landfall fleet down first, or another --fleet", c.Fleet, left)
	}
	return p, s.SavePlan(p)
}

// forgotten returns a host with drivers that the new plan does not contain, or "".
func forgotten(states []hosts.State, list []hosts.Host) string {
	for _, s := range states {
		if s.Touched && !slices.ContainsFunc(list, func(h hosts.Host) bool { return h.Name == s.Host && h.String() == s.Address }) {
			return s.Address
		}
	}
	return ""
}

// plan returns the plan of the flags, or the stored one if they name no host.
func (c *upCmd) plan(ctx context.Context, w *World, s remote.Store) (remote.Plan, error) {
	last, err := s.Plan()
	if err != nil && !errors.Is(err, remote.ErrUnknown) {
		return last, err
	}
	if len(c.Host) == 0 && c.Hosts == "" && err == nil {
		return last, nil
	}
	p, err := c.asked()
	if err != nil {
		return p, &exit.UsageError{Err: err}
	}
	p.Owner = environ.User()
	if last.Owner != "" {
		p.Owner = last.Owner // even if this machine has been renamed since
	}
	if p.Config.Validate() != nil {
		return p, &exit.UsageError{Err: p.Config.Validate()}
	}
	return p, c.reach(ctx, w, &p)
}

// asked returns the plan of the flags, without the connection to Kafka.
func (c *upCmd) asked() (p remote.Plan, err error) {
	if c.PerHost < 0 || c.PerHost > hosts.MaxDrivers {
		return p, fmt.Errorf("--per-host %d: must be between 1 and %d", c.PerHost, hosts.MaxDrivers)
	}
	for _, limit := range []struct {
		flag  string
		value time.Duration
	}{{"ssh-timeout", c.ConnectFor}, {"grace", c.Grace}} {
		if limit.value < time.Second || limit.value > 10*time.Minute {
			return p, fmt.Errorf("--%s %s: must be between 1s and 10m", limit.flag, limit.value)
		}
	}
	list, defaults, err := c.list()
	if err != nil {
		return p, err
	}
	if c.PerHost > 0 {
		defaults.Drivers = c.PerHost
	}
	flags := slices.Clone(c.DriverFlag)
	for _, t := range c.AllowTarget {
		flags = append(flags, "--allow-target="+t)
	}
	all := hosts.Host{Drivers: defaults.Drivers, Labels: map[string]string{}, Flags: slices.Concat(defaults.Flags, flags)}
	for _, labels := range []map[string]string{defaults.Labels, c.Label} {
		for k, v := range labels {
			all.Labels[k] = v
		}
	}
	p.Config = remote.Config{Name: c.Fleet, Grace: c.Grace, SSH: remote.SSH{Command: c.SSH, Connect: c.ConnectFor}}
	if p.Hosts, err = hosts.Complete(list, all); err != nil {
		return p, err
	}
	for _, path := range []struct {
		given string
		to    *string
	}{{c.Binaries, &p.Others}, {c.SSHConfig, &p.SSH.Config}} {
		if path.given == "" {
			continue
		}
		if _, err := os.Stat(path.given); err != nil {
			return p, err
		}
		if *path.to, err = filepath.Abs(path.given); err != nil {
			return p, err
		}
	}
	return p, nil
}

// list returns the hosts from arguments and from the hosts file.
func (c *upCmd) list() (list []hosts.Host, defaults hosts.Host, err error) {
	if c.Hosts != "" {
		data, err := os.ReadFile(c.Hosts)
		if err != nil {
			return nil, defaults, exit.Unread("--hosts", err)
		}
		if list, defaults, err = hosts.Read(c.Hosts, data); err != nil {
			return nil, defaults, err
		}
	}
	for _, text := range c.Host {
		h, err := hosts.Parse(text)
		if err != nil {
			return nil, defaults, err
		}
		list = append(list, h)
	}
	return list, defaults, nil
}

// reach decides how the drivers connect to Kafka.
func (c *upCmd) reach(ctx context.Context, w *World, p *remote.Plan) error {
	if err := c.Kafka.Check(); err != nil {
		return err
	}
	brokers := c.Kafka.Brokers
	if c.Tunnel || len(brokers) == 0 {
		bus, err := connect.Open(ctx, c.Kafka, w.Data, w.Quiet, connect.Notice)
		if err != nil {
			return err
		}
		defer bus.Close()
		advertised, err := bus.Brokers(ctx)
		if err != nil {
			return err
		}
		if len(brokers) == 0 {
			brokers = advertised
		}
		if c.Tunnel {
			if p.Leads, err = remote.CheckLead(ctx, brokers, advertised); err != nil {
				return &exit.UsageError{Err: err}
			}
			p.Tunnel = slices.Compact(slices.Sorted(slices.Values(slices.Concat(brokers, advertised))))
		}
	}
	for _, b := range brokers {
		if !c.Tunnel && node.Loopback(b) {
			return &exit.UsageError{Err: fmt.Errorf("--brokers %s: can only be reached on this machine; with --tunnel the hosts' drivers reach it through SSH", b)}
		}
	}
	p.Flags = append(c.kafkaFlags(brokers), p.Flags...)
	keys, err := c.keyFiles(p.Hosts)
	if err != nil {
		return &exit.UsageError{Err: err}
	}
	p.Named = append(p.Named, keys...)
	for _, f := range []remote.NamedFile{{Flag: "--kafka-password-file", Path: c.Kafka.PasswordFile}, {Flag: "--kafka-ca", Path: c.Kafka.CA},
		{Flag: "--kafka-cert", Path: c.Kafka.Cert}, {Flag: "--kafka-key", Path: c.Kafka.Key}} {
		if f.Path == "" {
			continue
		}
		path, err := filepath.Abs(f.Path)
		if err != nil {
			return err
		}
		f.Path = path
		p.Named = append(p.Named, f)
	}
	return nil
}

// kafkaFlags returns the drivers' Kafka flags that hold no secret.
func (c *upCmd) kafkaFlags(brokers []string) []string {
	flags := []string{"--brokers=" + strings.Join(brokers, ","), "--prefix=" + c.Kafka.Prefix}
	if c.Kafka.SASL != "" {
		flags = append(flags, "--kafka-sasl="+c.Kafka.SASL, "--kafka-user="+c.Kafka.User)
	}
	if c.Kafka.TLS {
		flags = append(flags, "--kafka-tls")
	}
	return flags
}
