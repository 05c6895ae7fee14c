package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// healthTimeout is how long the service may take to say that it lives.
const healthTimeout = 3 * time.Second

// errUnhealthy says that something answers, but not that it lives.
var errUnhealthy = errors.New("not healthy")

// health asks the service of this machine whether it lives, for a container's health check.
func health(ctx context.Context, s streams, args []string) error {
	if len(args) > 0 {
		return errUsage
	}
	c, err := configured(false)
	if err != nil {
		return err
	}
	addr, err := localAddr(c.HTTPAddr)
	if err != nil {
		return fmt.Errorf("PONTE_HTTP_ADDR: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/healthz", nil)
	if err != nil {
		return fmt.Errorf("ask for health: %w", err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("ask for health: %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%w: %s", errUnhealthy, res.Status)
	}
	_, err = io.WriteString(s.out, "ok\n")
	return err
}

// localAddr is where a service that listens at addr is reached on this machine: one that listens everywhere, on loopback.
func localAddr(addr string) (string, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "", err
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port), nil
}
