package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/ponte-desk/ponte/internal/app"
	"github.com/ponte-desk/ponte/internal/doctor"
	"github.com/ponte-desk/ponte/whatsapp"
)

// diagnose looks the installation over. It fails when something is wrong.
func diagnose(ctx context.Context, s streams, args []string) error {
	var numbers []string
	flags := flag.NewFlagSet("doctor", flag.ContinueOnError)
	flags.SetOutput(s.err)
	asJSON := flags.Bool("json", false, "prints the findings as JSON")
	flags.Func("number", "also looks at the number of this phone_number_id; may be repeated", func(id string) error {
		numbers = append(numbers, id)
		return nil
	})
	if flags.Parse(args) != nil || flags.NArg() > 0 {
		return errUsage
	}
	c, mistakes := readable()
	found := doctor.Run(ctx, patient(c, mistakes, numbers))
	var err error
	if *asJSON {
		err = printJSON(s.out, found)
	} else {
		printFindings(s.out, found)
	}
	if n := doctor.Count(found, doctor.Error); n > 0 {
		return errors.Join(err, fmt.Errorf("%d errors", n))
	}
	return err
}

// readable reads what of the environment can be read, so that one mistake hides nothing else, and lists all mistakes.
func readable() (c app.Config, mistakes error) {
	var wrong []error
	told := map[string]bool{}
	for {
		read, err := app.ReadConfig()
		if err == nil {
			c = read
			break
		}
		wrong = append(wrong, err)
		again := false
		for line := range strings.Lines(err.Error()) {
			again = leaveOut(variableOf(line), told) || again
		}
		if !again { // nothing of it names a variable
			c = read
			break
		}
	}
	if err := c.Validate(); err != nil {
		for line := range strings.Lines(err.Error()) {
			if !told[variableOf(line)] {
				wrong = append(wrong, errors.New(strings.TrimSpace(line)))
			}
		}
	}
	return c, errors.Join(wrong...)
}

// variableOf is the variable that a line about a mistake begins with, "" for any other line.
func variableOf(line string) string {
	name, _, _ := strings.Cut(line, " ")
	if !strings.HasPrefix(name, "PONTE_") {
		return ""
	}
	return strings.TrimSuffix(name, "_FILE")
}

// leaveOut takes a variable out of the environment of this command, which reads it once; false when it can't be.
func leaveOut(name string, told map[string]bool) bool {
	if name == "" || told[name] {
		return false
	}
	told[name] = true
	return os.Unsetenv(name) == nil && os.Unsetenv(name+"_FILE") == nil
}

// patient is what the doctor looks at.
func patient(c app.Config, mistakes error, numbers []string) doctor.Config {
	keys := map[string]whatsapp.Secret{}
	for _, pair := range commas(string(c.Dialog360APIKeys)) {
		number, key, _ := strings.Cut(pair, "=")
		keys[number] = whatsapp.Secret(key)
	}
	return doctor.Config{
		Mistakes: mistakes, PublicURL: c.PublicURL, RedisURL: c.RedisURL, RedisPrefix: c.RedisPrefix,
		ZendeskURL: c.ZendeskURL, ZendeskClientID: c.ZendeskClientID, ZendeskClientSecret: c.ZendeskClientSecret,
		ZendeskWebhookSecret: c.ZendeskWebhookSecret, ZendeskAppID: c.ZendeskAppID,
		WhatsAppAPIURL: c.WhatsAppAPIURL, WhatsAppAPIVersion: c.WhatsAppAPIVersion, WhatsAppAccessToken: c.WhatsAppAccessToken,
		Accounts: commas(c.WhatsAppAccounts), Dialog360URL: c.Dialog360URL, Dialog360Keys: keys, Numbers: numbers, Now: time.Now,
	}
}

// commas takes a comma-separated list apart.
func commas(list string) []string {
	var out []string
	for one := range strings.SplitSeq(list, ",") {
		if one = strings.TrimSpace(one); one != "" {
			out = append(out, one)
		}
	}
	return out
}

func printFindings(w io.Writer, found []doctor.Finding) {
	for _, f := range found {
		fmt.Fprintf(w, "%-8s %-12s %-20s %s\n", f.Severity, f.Area, f.Check, f.What)
		if f.Mend != "" {
			fmt.Fprintf(w, "%43s→ %s\n", "", f.Mend)
		}
	}
	fmt.Fprintf(w, "%d errors, %d warnings, %d ok\n",
		doctor.Count(found, doctor.Error), doctor.Count(found, doctor.Warning), doctor.Count(found, doctor.OK))
}

func printJSON(w io.Writer, found []doctor.Finding) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(struct {
		Errors   int              `json:"errors"`
		Warnings int              `json:"warnings"`
		Findings []doctor.Finding `json:"findings"`
	}{doctor.Count(found, doctor.Error), doctor.Count(found, doctor.Warning), found})
}
