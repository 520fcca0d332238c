"""Click's completion script for zsh, with a menu. The front door imports it: it must stay light."""

from click.shell_completion import ZshComplete, add_completion_class


@add_completion_class
class Zsh(ZshComplete):
    """With a menu for candidates found by a middle part or by pinyin: else zsh deletes the word typed."""

    source_template = ZshComplete.source_template.replace(
        '    if [ -n "$completions" ]; then',
        "    (( ${#${(M)completions:#$words[CURRENT]*}} < $#completions )) && compstate[insert]=menu\n"
        '    if [ -n "$completions" ]; then',
    )
