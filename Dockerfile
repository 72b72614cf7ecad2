FROM python:3.11-slim-bookworm
ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
COPY requirements.txt .
RUN pip install -r requirements.txt && useradd --system app
COPY . .
RUN SECRET_KEY=build python manage.py collectstatic --noinput
USER app
EXPOSE 8000
CMD ["gunicorn", "--workers", "2", "--bind", "0.0.0.0:8000", "--max-requests", "2000", "--max-requests-jitter", "200", "--timeout", "60", "vuthu_recruit.wsgi"]
