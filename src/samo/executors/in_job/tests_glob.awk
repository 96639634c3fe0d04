# `circleci tests glob PATTERN...`: the files that patterns name, each once (CLI-002, CLI-003).
#
# Only the tree below what a pattern has without wildcards is walked, as deep as it can match. A
# name that begins with a dot is like any other.

BEGIN {
    for (code = 1; code < 256; code++)
        code_of[sprintf("%c", code)] = code
    if (ARGC == 1)
        fail("tests glob: no pattern is given")
    for (argument = 1; argument < ARGC; argument++)
        expand(ARGV[argument], ARGV[argument])
    for (number = 1; number <= globs; number++)
        regex[number] = regex_of(glob[number])
    for (number = 1; number <= globs; number++)
        print_matches(glob[number], regex[number])
}

function fail(message) {
    print "circleci: " message > "/dev/stderr"
    exit 1
}

# Keep what a pattern stands for once its braces are alternatives: {a,b}c is ac and bc.
function expand(pattern, whole,    at, char, depth, first, start, alternatives, alternative) {
    for (at = 1; at <= length(pattern) && !(first && depth == 0); at++) {
        char = substr(pattern, at, 1)
        if (char == "\\")
            at++
        else if (char == "{" && depth++ == 0)
            first = start = at
        else if (char == "," && depth == 1 || char == "}" && depth && --depth == 0) {
            alternative[++alternatives] = substr(pattern, start + 1, at - start - 1)
            start = at
        }
    }
    if (depth)
        fail("tests glob: '" whole "' is no pattern: a brace is not closed")
    if (!first)
        glob[++globs] = normal(pattern)
    for (start = 1; start <= alternatives; start++)
        expand(substr(pattern, 1, first - 1) alternative[start] substr(pattern, at), whole)
}

# Return a pattern as paths are printed: without empty components, and without dots.
function normal(pattern) {
    gsub(/\/\/+/, "/", pattern)
    while (sub(/\/\.\//, "/", pattern)) { }
    while (sub(/^\.\//, "", pattern)) { }
    return pattern
}

function print_matches(pattern, regex,    command, path) {
    command = find_command(pattern)
    while ((command | getline path) > 0) {
        sub(/^\.\//, "", path)
        if (path ~ regex)
            print path | "sort -u"
    }
    close(command)
}

# Links to folders are followed as a shell does: by *, not by **, which might never end.
function find_command(pattern,    components, component, at, base) {
    components = split(pattern, component, "/")
    for (at = 1; at <= components && component[at] !~ /[*?[\\]/; at++)
        base = base component[at] (at < components ? "/" : "")
    if (base !~ /^\//)
        base = "./" base
    gsub(/'/, "'\\''", base)
    if (!index(pattern, "**"))
        return "find -L '" base "' -maxdepth " (components - at + 1) " -type f 2>/dev/null"
    return "find '" base "' -type f -print -o -type l -exec sh -c " \
        "'for link; do test ! -f \"$link\" || printf \"%s\\n\" \"$link\"; done' sh {} + 2>/dev/null"
}

function regex_of(pattern,    at, char, regex) {
    for (at = 1; at <= length(pattern); at++) {
        char = substr(pattern, at, 1)
        if (char == "\\")
            regex = regex literal(substr(pattern, ++at, 1))
        else if (char == "?")
            # One character of UTF-8, whose bytes awk is told to look at.
            regex = regex "([^/\200-\377]|[\300-\377][\200-\277]*)"
        else if (char == "[") {
            regex = regex class_of(pattern, at)
            at = class_end
        } else if (char != "*")
            regex = regex literal(char)
        else if (substr(pattern, at, 2) != "**")
            regex = regex "[^/]*"
        else if (substr(pattern, ++at, 2) == "*/" && substr("/" pattern, at - 1, 1) == "/") {
            regex = regex "(.*/)?"
            at++
        } else
            regex = regex ".*"
    }
    return "^" regex "$"
}

function literal(char) {
    return index(".^$+*?()[]{}|\\", char) ? "\\" char : char
}

# Return the class of a pattern that begins at `at`, and leave its end in `class_end`.
function class_of(pattern, at,    char, low, code, negated, members) {
    negated = substr(pattern, ++at, 1) ~ /[!^]/
    at += negated
    for (low = 0; (char = substr(pattern, at, 1)) != "]" || !members; at++) {
        if (char == "\\")
            char = substr(pattern, ++at, 1)
        if (char == "")
            fail("tests glob: '" pattern "' is no pattern: a bracket is not closed")
        if (char == "-" && low && substr(pattern, at + 1, 1) != "]") {
            for (code = code_of[substr(pattern, ++at, 1)]; code > low; code--)
                members = members sprintf("%c", code)
        } else
            members = members char
        low = code_of[char]
    }
    class_end = at
    return bracket(members, negated)
}

# Every awk understands a bracket whose special characters stand where they mean themselves.
function bracket(members, negated,    special, first, last) {
    if (members == "^" && !negated)
        return "\\^"
    special = members
    gsub(/[]\\[^\/-]/, "", members)
    first = index(special, "]") ? "]" : ""
    last = (index(special, "\\") ? "\\\\" : "") (index(special, "[") ? "[" : "")
    last = last (index(special, "^") ? "^" : "") (index(special, "-") ? "-" : "")
    return "[" (negated ? "^" : "") first (negated ? "/" : "") members last "]"
}
