"""Click's own words in Chinese, for every language the machine may be set to.

Click passes each text through ``gettext``, which looks for a compiled catalogue by ``LANGUAGE``, ``LC_ALL`` and
``LANG``, and for ``LANG=C`` looks for none. Setting those variables would reach LibreOffice and every other child, so
the table stands in front of gettext's lookup instead: no data file, no environment, and texts it lacks go the old way.
"""

import gettext

CATALOGUE = {
    # help pages
    "Usage:": "用法:",
    "Options": "选项",
    "Commands": "命令",
    "Arguments": "参数",
    "Positional arguments": "参数",
    "Show this message and exit.": "显示这段帮助。",
    "Show the version and exit.": "显示版本号。",
    "%(prog)s, version %(version)s": "%(prog)s 版本 %(version)s",
    "deprecated": "已停用",
    "default: {default}": "默认：{default}",
    "env var: {var}": "环境变量：{var}",
    "required": "必填",
    "(dynamic)": "（运行时确定）",
    "file": "文件",
    "directory": "文件夹",
    "path": "路径",
    # usage errors
    "Error: {message}": "错误：{message}",
    "Try '{command} {option}' for help.": "用法请看：{command} {option}",
    "Missing command.": "缺少命令。",
    "Missing argument": "缺少参数",
    "Missing option": "缺少选项",
    "Missing parameter": "缺少参数",
    "Missing parameter: {param_name}": "缺少参数：{param_name}",
    "Missing {param_type}": "缺少必填项",
    "No such command {name!r}.": "没有 {name!r} 这个命令。",
    "No such option {name!r}.": "没有 {name!r} 这个选项。",
    "No such option: {name}": "没有 {name} 这个选项。",
    "Did you mean {possibility}?": "是否想用 {possibility}？",
    "(Did you mean one of: {possibilities}?)": "是否想用其中之一：{possibilities}？",
    "(Possible options: {possibilities})": "是否想用其中之一：{possibilities}？",
    "Got unexpected extra argument ({args})": "多出了参数（{args}）",
    "Got unexpected extra arguments ({args})": "多出了参数（{args}）",
    "Option {name!r} does not take a value.": "选项 {name!r} 后面不能带值。",
    "Option {name!r} requires an argument.": "选项 {name!r} 后面要带一个值。",
    "Option {name!r} requires {nargs} arguments.": "选项 {name!r} 后面要带 {nargs} 个值。",
    "Argument {name!r} takes {nargs} values.": "参数 {name!r} 要给 {nargs} 个值。",
    "Takes {nargs} values but 1 was given.": "要给 {nargs} 个值，只给了 1 个。",
    "Takes {nargs} values but {len} were given.": "要给 {nargs} 个值，给了 {len} 个。",
    "{len_type} values are required, but {len_value} was given.": "要给 {len_type} 个值，给了 {len_value} 个。",
    "{len_type} values are required, but {len_value} were given.": "要给 {len_type} 个值，给了 {len_value} 个。",
    # values
    "Invalid value: {message}": "值不对：{message}",
    "Invalid value for {param_hint}: {message}": "{param_hint} 的值不对：{message}",
    "Value must be an iterable.": "要给一组值。",
    # Click would name the kind of number in English; the example serves whole numbers and others alike.
    "{value!r} is not a valid {number_type}.": "{value!r} 不是这里要的数字，请写成 12 这样的形式。",
    "{value} is not in the range {range}.": "{value} 不在 {range} 的范围内。",
    "{value!r} is not a valid boolean. Recognized values: {states}": "{value!r} 不能表示是或否，可用：{states}",
    "{value!r} is not a valid boolean.": "{value!r} 不能表示是或否。",
    "{value!r} is not a valid UUID.": "{value!r} 不是 UUID。",
    "{value!r} is not {choice}.": "{value!r} 不可用，只能是 {choice}。",
    "{value!r} is not one of {choices}.": "{value!r} 不可用，请从 {choices} 中选一个。",
    "{value!r} does not match the format {format}.": "{value!r} 不符合格式 {format}。",
    "{value!r} does not match the formats {formats}.": "{value!r} 不符合下列任一格式：{formats}。",
    "Choose from:\n\t{choices}": "请从下列值中选一个：\n\t{choices}",
    "Choice({choices})": "可选值（{choices}）",
    # files
    "{name} {filename!r} does not exist.": "{name} {filename!r} 不存在。",
    "{name} {filename!r} is a file.": "{filename!r} 是文件，这里要的是文件夹。",
    "{name} {filename!r} is a directory.": "{filename!r} 是文件夹，这里要的是文件。",
    "{name} {filename!r} is not readable.": "{name} {filename!r} 没有读取权限。",
    "{name} {filename!r} is not writable.": "{name} {filename!r} 没有写入权限。",
    "{name} {filename!r} is not executable.": "{name} {filename!r} 没有执行权限。",
    "Could not open file {filename!r}: {message}": "打不开文件 {filename!r}：{message}",
    "unknown error": "原因不明",
    # questions, progress, the terminal
    "Aborted!": "已中止。",
    "Do you want to continue?": "要继续吗？",
    "Confirm the action without prompting.": "不再询问，直接执行。",
    "Repeat for confirmation": "请再输入一遍",
    "Press any key to continue...": "按任意键继续……",
    "Error: invalid input": "错误：请回答 y 或 n",
    "Error: The value you entered was invalid.": "错误：输入的值不对。",
    "Error: {e.message}": "错误：{e.message}",
    "Error: The two entered values do not match.": "错误：两次输入不一致。",
    "d": "天",
    "{editor}: Editing failed": "{editor}：编辑失败",
    "{editor}: Editing failed: {e}": "{editor}：编辑失败：{e}",
    "Windows error: {error}": "Windows 错误：{error}",
    "Couldn't detect Bash version, shell completion is not supported.": "查不到 Bash 的版本，不能自动补全。",
    "Shell completion is not supported for Bash versions older than 4.4.": "Bash 低于 4.4 版，不能自动补全。",
    # for programmers; kept so that nothing is left over
    "DeprecationWarning: The command {name!r} is deprecated.{extra_message}": "命令 {name!r} 已停用。{extra_message}",
    "DeprecationWarning: The {param_type} {name!r} is deprecated.{extra_message}": "{name!r} 已停用。{extra_message}",
    "Name '{name}' defined twice": "名称 '{name}' 定义了两次",
    "Boolean option {decl!r} cannot use the same flag for true/false.": "选项 {decl!r} 的是与否不能用同一个写法。",
    "Could not determine name for option with declarations {decls!r}": "选项 {decls!r} 没有名称",
    (
        "No options defined but a name was passed ({name}). Did you mean to declare an argument instead?"
        " Did you mean to pass '--{name}'?"
    ): "只给了名称（{name}）而没有选项；是否想定义参数，或写成 '--{name}'？",
    "Arguments take exactly one parameter declaration, got {length}: {decls}.": (
        "一个参数只能有一个声明，却有 {length} 个：{decls}。"
    ),
    "Invalid start character for option ({option})": "选项的第一个字符不对（{option}）",
    "Unknown color {colour!r}": "没有 {colour!r} 这种颜色",
    "Unknown standard stream '{name}'": "没有 '{name}' 这个标准流",
}


def speak_chinese() -> None:
    """Make Click speak Chinese in this process, whether it was imported before or comes after.

    Run it before any command is declared: the names of paths and the texts of ``--version`` are fixed there.
    """
    if gettext.dgettext is not _singular:
        gettext.dgettext, gettext.dngettext = _singular, _plural


_former_singular, _former_plural = gettext.dgettext, gettext.dngettext


def _singular(domain: str, message: str) -> str:
    return CATALOGUE.get(message) or _former_singular(domain, message)


def _plural(domain: str, msgid1: str, msgid2: str, n: int) -> str:
    return CATALOGUE.get(msgid1 if n == 1 else msgid2) or _former_plural(domain, msgid1, msgid2, n)
