@echo off
rem Opens the desk. Uses python\python.exe beside this file, else the Python of this computer.
chcp 65001 >nul
setlocal
cd /d "%~dp0"
set "PY="
if exist "python\python.exe" set "PY=python\python.exe"
if not defined PY (where py >nul 2>nul && set "PY=py -3")
if not defined PY (where python >nul 2>nul && set "PY=python")
if not defined PY (
  echo 这台电脑没有 Python。请安装 Python 3.11 以上，或把它的文件夹放在这里、取名 python，再双击。
  pause
  exit /b 1
)
%PY% -I "%~dp0program\start.py" %*
if errorlevel 1 pause
