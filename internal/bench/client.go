package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
)

var errAnswer = errors.New("bench: unreadable answer")

// client is one kept connection. It reads no more of an answer than it needs: status and length.
type client struct {
	conn  net.Conn
	buf   []byte
	stop  func() bool
	ended func() error // why the connection was ended from here, nil while it is not
}

// dial connects; the connection ends with ctx.
func dial(ctx context.Context, addr string) (*client, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	return &client{
		conn: conn, buf: make([]byte, 4096), stop: context.AfterFunc(ctx, func() { conn.Close() }), ended: ctx.Err,
	}, nil
}

func (c *client) close() {
	c.stop()
	c.conn.Close()
}

// post sends a whole request and waits for the whole answer.
func (c *client) post(request []byte) (status int, err error) {
	if _, err := c.conn.Write(request); err != nil {
		return 0, c.failed("send webhook", err)
	}
	for n := 0; ; {
		got, err := c.conn.Read(c.buf[n:])
		n += got
		if status, length, ok := answer(c.buf[:n]); ok {
			if length > n {
				return 0, errAnswer // longer than any answer to a webhook
			}
			return status, nil
		}
		if err != nil {
			return 0, c.failed("read answer", err)
		}
		if n == len(c.buf) {
			return 0, errAnswer
		}
	}
}

func (c *client) failed(what string, err error) error {
	if ended := c.ended(); ended != nil {
		return ended
	}
	return fmt.Errorf("%s: %w", what, err)
}

const statusAt = len("HTTP/1.1 ")

// answer reads an answer's status; ok says that all of it is there, length bytes.
func answer(b []byte) (status, length int, ok bool) {
	end := bytes.Index(b, []byte("\r\n\r\n"))
	if end < statusAt+3 {
		return 0, 0, false
	}
	status, err := strconv.Atoi(string(b[statusAt : statusAt+3]))
	if err != nil {
		return 0, 0, false
	}
	length = end + len("\r\n\r\n")
	if status == http.StatusNoContent {
		return status, length, true
	}
	const name = "\r\nContent-Length: "
	_, rest, found := bytes.Cut(b[:end], []byte(name))
	if !found {
		return 0, 0, false
	}
	value, _, _ := bytes.Cut(rest, []byte("\r"))
	body, err := strconv.Atoi(string(value))
	if err != nil {
		return 0, 0, false
	}
	return status, length + body, len(b) >= length+body
}
