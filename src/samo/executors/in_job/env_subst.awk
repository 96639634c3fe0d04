# `circleci env subst` (CLI-014): $NAME, ${NAME}, ${NAME-default} and ${NAME:-default} become what
# the environment has for them. The last line comes with an `x` behind it, by which it can be told
# whether a line break ended it.

NR > 1 { printf "%s\n", substituted(line) }
{ line = $0 }
END { printf "%s", substituted(substr(line, 1, length(line) - 1)) }

function substituted(text,    done, reference, length_of_default) {
    while (match(text, /\$([A-Za-z_][A-Za-z0-9_]*|\{[A-Za-z_][A-Za-z0-9_]*(\}|:?-))/)) {
        done = done substr(text, 1, RSTART - 1)
        reference = substr(text, RSTART, RLENGTH)
        text = substr(text, RSTART + RLENGTH)
        if (reference !~ /-$/) {
            done = done value_of(reference, "")
            continue
        }
        length_of_default = closing_brace(text) - 1
        if (length_of_default < 0) {
            done = done reference
            continue
        }
        done = done value_of(reference, substr(text, 1, length_of_default))
        text = substr(text, length_of_default + 2)
    }
    return done text
}

function value_of(reference, otherwise,    name) {
    name = reference
    gsub(/[^A-Za-z0-9_]/, "", name)
    if (!(name in ENVIRON) || (reference ~ /:-$/ && ENVIRON[name] == ""))
        return substituted(otherwise)
    return ENVIRON[name]
}

# Return where the brace is that ends a default, which may have references in it; 0 for none.
function closing_brace(text,    at, depth) {
    for (at = 1; at <= length(text); at++) {
        if (substr(text, at, 2) == "${")
            depth++
        else if (substr(text, at, 1) == "}" && depth-- == 0)
            return at
    }
    return 0
}
